import { calibrationTable, reliabilityTable } from './calibration-tables.ts'
import { curveTables } from './curve-tables.ts'
import { dataTable, featuresTable, leftOutTable } from './data-tables.ts'
import {
  confusionTable,
  decisionsTable,
  foldThresholdsTable,
  moreRecallTable,
  operatingPointsTable,
} from './decision-tables.ts'
import { finalTestTable, foldProofTable, guardrailsTable } from './guardrail-tables.ts'
import { columnStrengthTable, findingsTable } from './diagnosis-tables.ts'
import { importanceTable } from './importance-tables.ts'
import { hiddenPositivesTable, labelAuditTable } from './labels-tables.ts'
import { keyFiguresTable } from './opening-tables.ts'
import { costMatrixTable, questionTable } from './question-tables.ts'
import { reportFacts } from './report-facts.ts'
import type { ReportInput } from './report-facts.ts'
import type { ReportTable } from './report-table.ts'
import { solverTable } from './solver-tables.ts'
import { reproductionTable } from './reproduction-tables.ts'
import {
  commitmentsTable,
  ledgerTable,
  measuresTable,
  metricsTable,
  trainingTable,
} from './tried-tables.ts'
import { slicesTable } from './slices-tables.ts'
import { uncertaintyTables } from './uncertainty-tables.ts'

/**
 * All tables, in the order of the report.
 *
 * @throws RangeError as `reportFacts` does.
 */
export function reportTables(input: ReportInput): readonly ReportTable[] {
  const facts = reportFacts(input)
  const measures = measuresTable(facts)
  const curves = facts.shown.flatMap(({ name }) => curveTables(facts, name))
  return [
    keyFiguresTable(facts),
    costMatrixTable(facts),
    questionTable(facts),
    dataTable(facts),
    featuresTable(facts),
    leftOutTable(facts),
    findingsTable(facts),
    columnStrengthTable(facts),
    hiddenPositivesTable(facts),
    labelAuditTable(facts),
    ledgerTable(facts),
    metricsTable(facts),
    ...(measures === null ? [] : [measures]),
    commitmentsTable(facts),
    trainingTable(facts),
    foldProofTable(facts),
    solverTable(facts),
    operatingPointsTable(facts),
    confusionTable(facts),
    foldThresholdsTable(facts),
    decisionsTable(facts),
    finalTestTable(facts),
    moreRecallTable(facts),
    ...curves,
    ...uncertaintyTables(facts),
    calibrationTable(facts),
    reliabilityTable(facts),
    importanceTable(facts),
    slicesTable(facts),
    guardrailsTable(facts),
    reproductionTable(facts),
  ]
}
