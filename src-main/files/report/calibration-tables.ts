import type { CalibrationStage } from '#shared/core/calibration/receipt.ts'
import type { Bounds } from './number-text.ts'
import { shareInterval } from './proportion.ts'
import type { ReportFacts } from './report-facts.ts'
import { tableOf } from './report-table.ts'
import type { CellFormat, ColumnOf, ReportTable } from './report-table.ts'

interface RunStage {
  readonly name: string
  readonly stage: CalibrationStage
  readonly label: string
}

/** The receipt of every run: raw, after the odds correction, after recalibration. */
export function calibrationTable({ results }: ReportFacts): ReportTable {
  const stages = results.configurations.flatMap(({ name, calibration, untreated }) =>
    calibration.stages.map((stage): RunStage => ({
      name,
      stage,
      label: stageText(stage.stage, untreated),
    })),
  )
  const part = (
    field: string,
    title: string,
    format: CellFormat,
    value: (stage: CalibrationStage) => number | null,
  ): ColumnOf<RunStage> => ({ field, title, format, value: ({ stage }) => value(stage) })
  return tableOf('calibration', 'Calibration receipts', stages, [
    { field: 'run', title: 'Run', format: 'text', value: ({ name }) => name },
    { field: 'stage', title: 'Stage', format: 'text', value: ({ label }) => label },
    part(
      'observed_to_expected',
      'Observed ÷ expected',
      'metric-2',
      (stage) => stage.observedToExpected,
    ),
    part('intercept', 'Intercept', 'metric-2', (stage) => stage.intercept),
    part('slope', 'Slope', 'metric-2', (stage) => stage.slope),
    part('brier', 'Brier score', 'metric-4', (stage) => stage.brier),
    part('reliability', 'Reliability', 'metric-4', (stage) => stage.reliability),
    part('resolution', 'Resolution', 'metric-4', (stage) => stage.resolution),
    part('uncertainty', 'Uncertainty', 'metric-4', (stage) => stage.uncertainty),
    part('ece_equal_count_10', 'ECE, 10 bins', 'metric-4', (stage) => stage.eceEqualCount10),
    part('log_loss', 'Log loss, nats', 'metric-4', (stage) => stage.logLoss),
  ])
}

/** A treated run gives scores until they are put right. */
function stageText(stage: CalibrationStage['stage'], untreated: boolean): string {
  if (stage === 'corrected') return 'after odds correction'
  if (stage === 'recalibrated') return 'after recalibration'
  return untreated ? 'as fitted' : 'raw scores'
}

/** The bins of the reliability diagrams, stage by stage. */
export function reliabilityTable({ shown }: ReportFacts): ReportTable {
  const bins = shown.flatMap(({ name, calibration, untreated }) =>
    calibration.stages.flatMap(({ stage, bins }) =>
      bins.map((bin, i) => ({ name, stage: stageText(stage, untreated), number: i + 1, bin })),
    ),
  )
  return tableOf('reliability', 'Reliability, bins of equal count', bins, [
    { field: 'run', title: 'Run', format: 'text', value: ({ name }) => name },
    { field: 'stage', title: 'Stage', format: 'text', value: ({ stage }) => stage },
    { field: 'bin', title: 'Bin', format: 'count', value: ({ number }) => number },
    { field: 'cases', title: 'Cases', format: 'count', value: ({ bin }) => bin.count },
    {
      field: 'mean_probability',
      title: 'Mean probability',
      format: 'threshold',
      value: ({ bin }) => bin.meanProbability,
      absent: 'no cases',
    },
    {
      field: 'observed',
      title: 'Positives observed',
      format: 'percent',
      value: ({ bin }) => bin.observed,
      proportion: ({ bin }) =>
        bin.observed === null
          ? null
          : { count: Math.round(bin.observed * bin.count), of: bin.count },
      interval: ({ bin }) => binBounds(bin),
      absent: 'no cases',
    },
  ])
}

/** How sure the observed share of a bin is. */
export function binBounds(bin: CalibrationStage['bins'][number]): Bounds | null {
  return bin.observed === null
    ? null
    : shareInterval({ count: bin.observed * bin.count, of: bin.count })
}
