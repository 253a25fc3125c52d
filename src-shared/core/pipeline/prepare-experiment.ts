/**
 * From a table, its roles, a frame and a plan to what the folds work on: the one place that says
 * whether an experiment can run, before anything is queued.
 */
import { findColumn, textOf } from '../dataset/dataset.ts'
import { duplicateSets } from '../dataset/duplicate-samples.ts'
import { takeRows } from '../dataset/take-rows.ts'
import type { Column, Dataset, Roles } from '../dataset/dataset.ts'
import { bayesThreshold } from '../decision/bayes-threshold.ts'
import { compareCodePoints } from '../encoding/code-point-order.ts'
import { joinGroups } from '../folds/join-groups.ts'
import { ONLY_TRAINS } from '../folds/time-ordered.ts'
import type { Frame } from '../frame/frame.ts'
import {
  assumedCosts,
  checkFrame,
  FrameError,
  prevalenceWeights,
  resolveCosts,
} from '../frame/sample-costs.ts'
import type { SampleCosts } from '../frame/sample-costs.ts'
import { createStream } from '../math/random.ts'
import { checkPlan, validationProblem, withoutInfeasible } from '../plan/check-plan.ts'
import { withUntreated } from '../plan/default-plan.ts'
import type { Plan, ValidationChoice } from '../plan/plan.ts'
import type { DatasetFacts, ExperimentFacts, FoldProof, FrameFacts } from '../report/analysis.ts'
import { costWeights } from '../weighting/cost-weights.ts'
import { samplesOfFold, trainingSamples } from './experiment-data.ts'
import type { ExperimentData } from './experiment-data.ts'
import { weightedPrevalence } from './fit-and-score.ts'
import { foldProof } from './fold-proof.ts'
import {
  assignRows,
  CALIBRATES,
  foldsInUse,
  gapOf,
  LOCKED,
  orderOf,
  rowsInUse,
  timesFor,
  ValidationRefused,
  YOUNG,
} from './set-apart.ts'

/** An experiment that can't run; the message says what is wrong, where, and what would be right. */
export class ExperimentRefused extends Error {
  constructor(message: string) {
    super(message)
    this.name = 'ExperimentRefused'
  }
}

export interface ExperimentRequest {
  readonly dataset: Dataset
  readonly fingerprint: string
  readonly roles: Roles
  /** `costs` null: none were stated, so they are assumed from the prevalence. */
  readonly frame: Omit<Frame, 'costs' | 'costsAssumed'> & { readonly costs: Frame['costs'] | null }
  readonly plan: Plan
  /** What was changed of the plan on an earlier preparation; empty for a new request. */
  readonly planNotes: readonly string[]
  readonly seed: number
  /** Outer fold (or another code of set-apart.ts) per row, and whence; null to draw them. */
  readonly folds: { readonly assignment: Int32Array; readonly from: 'seed' | 'file' } | null
}

export interface PreparedExperiment {
  /** Its plan is the requested one, completed and fitted to the data. */
  readonly data: ExperimentData
  /** What becomes of every row of the table; see set-apart.ts. */
  readonly assignment: Int32Array
  /** How that differs from the plan that was asked for, a sentence each. */
  readonly planNotes: readonly string[]
  readonly datasetFacts: DatasetFacts
  readonly frameFacts: FrameFacts
  readonly experimentFacts: ExperimentFacts
}

/**
 * Checks a request as a whole and lays out the experiment.
 *
 * @throws ExperimentRefused when roles, labels, frame, plan or folds don't fit the data.
 */
export function prepareExperiment(request: ExperimentRequest): PreparedExperiment {
  const { dataset: table, roles, seed } = request
  checkRoles(table, roles)
  const validation = request.plan.validation ?? stratified
  const setApart = setRowsApart(request, validation)
  const { assignment } = setApart
  const rows = rowsInUse(assignment)
  const dataset = rows === null ? table : takeRows(table, rows)
  const folds = rows === null ? assignment : foldsInUse(assignment)
  const { features, leftOut } = chooseFeatures(dataset, roles)
  const { samples, frameFacts } = prepareSamples({ ...request, dataset })
  const { yTrue } = samples
  const positives = yTrue.reduce((sum, y) => sum + y, 0)

  const counts = { positives, negatives: yTrue.length - positives }
  const completed = withUntreated(
    request.folds === null ? request.plan : { ...request.plan, folds: foldCount(folds, yTrue) },
  )
  const numericColumns = features.flatMap(({ kind, name }) => (kind === 'numeric' ? [name] : []))
  const hasCategories = numericColumns.length < features.length
  const weightColumns = dataset.columns
    .filter(({ kind, name }) => kind === 'numeric' && name !== roles.target)
    .map(({ name }) => name)
  const facts = { ...counts, numericColumns, hasCategories, columns: features, weightColumns }
  const { plan, leftOut: infeasible } = withoutInfeasible(completed.plan, facts)
  const planNotes = [
    ...request.planNotes,
    ...completed.added.map(
      (name) => `${name} was added: the untreated model is part of every comparison.`,
    ),
    ...infeasible,
  ]
  const findings = checkPlan(plan, facts)
  const refused = findings.find((finding) => finding.severity === 'refused')
  if (refused !== undefined) throw new ExperimentRefused(`The plan can't run: ${refused.message}.`)

  const data: ExperimentData = {
    ...samples,
    features,
    weightColumns: readWeightColumns(dataset, plan, samples),
    folds,
    ...orderOf(validation, setApart.days, rows),
    plan,
    seed,
  }
  checkTrainingSets(data)
  return {
    planNotes,
    data,
    assignment,
    datasetFacts: {
      rows: dataset.nRows,
      positives,
      prevalence: positives / dataset.nRows,
      fingerprint: request.fingerprint,
      target: roles.target,
      positive: roles.positive,
      features: features.map((column) => column.name),
      leftOut,
    },
    frameFacts,
    experimentFacts: {
      seed,
      folds: plan.folds,
      innerFolds: plan.innerFolds,
      foldsFrom: request.folds?.from ?? 'seed',
      bootstrapDraws: plan.bootstrapDraws,
      notes: [
        ...planNotes,
        ...findings.map(({ configuration, message }) =>
          configuration === null ? message : `${configuration}: ${message}.`,
        ),
      ],
      proof: foldProof(
        data,
        schemeInWords(validation, request.folds?.from === 'file', roles.group),
        leftOutRows(assignment, validation),
      ),
    },
  }
}

/** What decisions are judged by: labels, weights and costs, without features or folds. */
export type JudgedSamples = Omit<
  ExperimentData,
  'features' | 'folds' | 'order' | 'plan' | 'seed' | 'weightColumns'
>

/**
 * The part of `prepareExperiment` that needs none of the features: it may be given a table of just
 * the columns that roles and frame name.
 *
 * @throws ExperimentRefused when labels, weights, groups or frame don't fit the data.
 */
export function prepareSamples({
  dataset,
  roles,
  frame: stated,
}: Pick<ExperimentRequest, 'dataset' | 'roles' | 'frame'>): {
  readonly samples: JudgedSamples
  readonly frameFacts: FrameFacts
} {
  const yTrue = readLabels(dataset, roles)
  const sampleWeights = readWeights(dataset, roles, yTrue)
  const groups = readGroups(dataset, roles)
  const times = readTimes(dataset, roles)
  const inData = weightedPrevalence(yTrue, sampleWeights)
  const inUse = stated.prevalence ?? inData
  const frame: Frame = {
    ...stated,
    // A prevalence that can't be is refused below, with the rest of the frame.
    costs: stated.costs ?? assumedCosts(inUse > 0 && inUse < 1 ? inUse : inData),
    costsAssumed: stated.costs === null,
  }
  const [problem] = checkFrame(frame, { prevalence: inData, columns: dataset.columns })
  if (problem !== undefined) throw new ExperimentRefused(`The frame can't be used: ${problem}`)
  const costs = readCosts(frame, dataset)
  const { casesPerDay, capacity, minutesPerAlert, reviewHoursPerDay, commitments } = frame
  const limits = { casesPerDay, capacity, minutesPerAlert, reviewHoursPerDay, commitments }
  return {
    samples: {
      yTrue,
      sampleWeights,
      decisionWeights: prevalenceWeights(yTrue, sampleWeights, frame.prevalence),
      groups,
      times,
      costs,
      prevalence: { inData, inUse },
      ...limits,
    },
    frameFacts: {
      costs: frame.costs,
      costsAssumed: frame.costsAssumed,
      ...limits,
      // Assumed costs are in no currency, whatever the frame says.
      currency: frame.costsAssumed ? null : frame.currency,
      prevalenceInData: inData,
      prevalenceInUse: inUse,
      ...constantThreshold(costs),
    },
  }
}

/**
 * @throws ExperimentRefused when a role names no column, or two roles name one.
 */
export function checkRoles(
  { columns }: { readonly columns: readonly Pick<Column, 'name'>[] },
  roles: Roles,
): void {
  const names = columns.map((column) => column.name)
  const single = (['target', 'id', 'time', 'group', 'amount', 'weight'] as const).flatMap(
    (role) => {
      const column = roles[role]
      return column === null ? [] : [{ role, column }]
    },
  )
  const ignored = roles.ignore.map((column) => ({ role: 'ignore', column }))
  for (const { role, column } of [...single, ...ignored]) {
    if (!names.includes(column)) {
      throw new ExperimentRefused(
        `There is no column "${column}" (asked for as ${role}). The columns are: ${listed(names)}.`,
      )
    }
  }
  const roleOf = new Map<string, string>()
  for (const { role, column } of [...single, ...ignored]) {
    const other = roleOf.get(column)
    if (other !== undefined && other !== role) {
      throw new ExperimentRefused(
        `Column "${column}" can't be both ${other} and ${role}. Give it one role.`,
      )
    }
    roleOf.set(column, role)
  }
}

function readLabels(dataset: Dataset, roles: Roles): Uint8Array {
  const column = findColumn(dataset, roles.target)
  if (column === null) throw new ExperimentRefused(`There is no column "${roles.target}".`)
  const isPositive = positiveTest(column, roles.positive)
  const yTrue = new Uint8Array(dataset.nRows)
  let missing = 0
  let firstMissing = 0
  for (let row = 0; row < dataset.nRows; row++) {
    if (column.kind === 'numeric' ? Number.isNaN(column.values[row]) : column.codes[row]! < 0) {
      if (missing === 0) firstMissing = row + 1
      missing++
    } else if (isPositive(row)) yTrue[row] = 1
  }
  if (missing > 0) {
    throw new ExperimentRefused(
      `The target "${roles.target}" has no value in ${missing} of ${dataset.nRows} rows, first in row ${firstMissing}. Label these rows or remove them.`,
    )
  }
  const values = distinctTexts(column)
  if (!yTrue.includes(1)) {
    throw new ExperimentRefused(
      `The target "${roles.target}" never has the value "${roles.positive}". It has: ${listed(values)}.`,
    )
  }
  if (!yTrue.includes(0)) {
    throw new ExperimentRefused(
      `The target "${roles.target}" has one class only: every row is "${roles.positive}". Both classes are needed.`,
    )
  }
  return yTrue
}

/** A numeric target is compared as a number, so that "1", "1.0" and "1e0" name the same class. */
function positiveTest(column: Column, positive: string): (row: number) => boolean {
  if (column.kind === 'numeric') {
    const wanted = positive.trim() === '' ? NaN : Number(positive)
    return (row) => column.values[row] === wanted
  }
  const wanted = column.levels.indexOf(positive)
  return (row) => wanted >= 0 && column.codes[row] === wanted
}

function distinctTexts(column: Column): string[] {
  if (column.kind === 'categorical') return [...column.levels]
  return [...new Set(column.values)].filter((value) => !Number.isNaN(value)).map(String)
}

/** Enough of a list of names to recognise one's mistake by. */
function listed(names: readonly string[]): string {
  const shown = names.slice(0, 20).map((name) => `"${name}"`)
  const more = names.length - shown.length
  return more > 0 ? `${shown.join(', ')} and ${more} more` : shown.join(', ')
}

function chooseFeatures(
  dataset: Dataset,
  roles: Roles,
): { readonly features: Column[]; readonly leftOut: DatasetFacts['leftOut'] } {
  const features: Column[] = []
  const leftOut: { column: string; reason: string }[] = []
  const reasons = new Map<string, string>([[roles.target, 'target']])
  for (const role of ['id', 'time', 'group', 'weight'] as const) {
    const column = roles[role]
    if (column !== null) reasons.set(column, `used as ${role}`)
  }
  for (const column of roles.ignore) reasons.set(column, 'ignored on request')
  for (const column of dataset.columns) {
    const reason = reasons.get(column.name) ?? reasonAgainst(column, dataset.nRows)
    if (reason === null) features.push(column)
    else if (reason !== 'target') leftOut.push({ column: column.name, reason })
  }
  if (features.length === 0) {
    throw new ExperimentRefused(
      'No column is left to learn from: every column but the target is ignored, has another role, or holds a different text in every row.',
    )
  }
  return { features, leftOut }
}

function reasonAgainst(column: Column, nRows: number): string | null {
  return column.kind === 'categorical' && nRows > 1 && column.levels.length === nRows
    ? 'a different text in every row'
    : null
}

function readWeights(
  dataset: Dataset,
  roles: Pick<Roles, 'weight'>,
  yTrue: Uint8Array,
): Float64Array | null {
  if (roles.weight === null) return null
  const column = findColumn(dataset, roles.weight)
  if (column?.kind !== 'numeric') {
    throw new ExperimentRefused(`The weight column "${roles.weight}" must hold numbers.`)
  }
  const totals = [0, 0]
  column.values.forEach((weight, row) => {
    if (!(weight >= 0 && Number.isFinite(weight))) {
      throw new ExperimentRefused(
        `The weight column "${roles.weight!}" must hold numbers from 0, but row ${row + 1} has ${Number.isNaN(weight) ? 'none' : weight}.`,
      )
    }
    totals[yTrue[row]!]! += weight
  })
  if (!(totals[0]! > 0 && totals[1]! > 0)) {
    throw new ExperimentRefused(
      `The weights in "${roles.weight}" add up to 0 for one of the classes; nothing could be learnt of it.`,
    )
  }
  return column.values
}

/** The columns that weightings of the plan name; also refuses weights that leave a class none. */
function readWeightColumns(
  dataset: Dataset,
  plan: Plan,
  { yTrue, costs }: JudgedSamples,
): Record<string, Float64Array> {
  const columns: Record<string, Float64Array> = {}
  for (const { name, weighting } of plan.configurations) {
    if (weighting.kind === 'column') {
      const { column } = weighting
      columns[column] = readWeights(dataset, { weight: column }, yTrue)!
    }
    if (weighting.kind === 'costs' && !weighsBoth(costWeights(yTrue, costs), yTrue)) {
      throw new ExperimentRefused(
        `The plan can't run: ${name} weighs by cost, but for one of the classes no wrong decision costs more than the right one.`,
      )
    }
  }
  return columns
}

function weighsBoth(weights: Float64Array, yTrue: Uint8Array): boolean {
  return [0, 1].every((label) => weights.some((weight, i) => weight > 0 && yTrue[i] === label))
}

function readGroups(dataset: Dataset, roles: Roles): Int32Array | null {
  if (roles.group === null) return null
  const column = findColumn(dataset, roles.group)!
  const codes = new Map<string, number>()
  return Int32Array.from({ length: dataset.nRows }, (_, row) => {
    const text = textOf(column, row)
    if (text === null) {
      throw new ExperimentRefused(
        `The group column "${column.name}" has no value in row ${row + 1}.`,
      )
    }
    const known = codes.get(text)
    if (known !== undefined) return known
    codes.set(text, codes.size)
    return codes.size - 1
  })
}

/** Numbers as they are, dates as ISO 8601 writes them by their order; other texts have none. */
function readTimes(dataset: Dataset, roles: Roles): Float64Array | null {
  const column = roles.time === null ? null : findColumn(dataset, roles.time)
  if (column === null) return null
  if (column.kind === 'numeric') return column.values
  if (!column.levels.every((text) => /^\d{4}-\d{2}-\d{2}/.test(text))) return null
  const ranks = new Map(
    [...column.levels].sort(compareCodePoints).map((text, rank) => [text, rank]),
  )
  return Float64Array.from(column.codes, (code) =>
    code < 0 ? NaN : ranks.get(column.levels[code]!)!,
  )
}

function readCosts(frame: Frame, dataset: Dataset): SampleCosts {
  const rows = new Int32Array(dataset.nRows)
  for (let row = 0; row < rows.length; row++) rows[row] = row
  try {
    return resolveCosts(frame, dataset, rows)
  } catch (error) {
    if (error instanceof FrameError) throw new ExperimentRefused(`${error.message}.`)
    throw error
  }
}

function constantThreshold(
  costs: SampleCosts,
): Pick<FrameFacts, 'bayesThreshold' | 'bayesThresholdReason'> {
  const { truePositive, falsePositive, trueNegative, falseNegative } = costs
  if (
    typeof truePositive !== 'number' ||
    typeof falsePositive !== 'number' ||
    typeof trueNegative !== 'number' ||
    typeof falseNegative !== 'number'
  ) {
    return { bayesThreshold: null, bayesThresholdReason: 'costs differ from row to row' }
  }
  return {
    bayesThreshold: bayesThreshold({ truePositive, falsePositive, trueNegative, falseNegative }),
    bayesThresholdReason: null,
  }
}

/** Number of folds in a given assignment, which must hold both classes in every fold. */
function foldCount(folds: Int32Array, yTrue: Uint8Array): number {
  if (folds.length !== yTrue.length) {
    throw new ExperimentRefused(
      `The fold file has ${folds.length} rows and the data ${yTrue.length}; it needs one fold per row.`,
    )
  }
  const nFolds = folds.reduce((most, fold) => Math.max(most, fold), 0) + 1
  const positives = new Int32Array(nFolds)
  const negatives = new Int32Array(nFolds)
  folds.forEach((fold, i) => {
    if (fold === ONLY_TRAINS) return
    if (yTrue[i] === 1) positives[fold]! += 1
    else negatives[fold]! += 1
  })
  const lacking = positives.findIndex((count, fold) => count === 0 || negatives[fold] === 0)
  if (lacking >= 0) {
    throw new ExperimentRefused(
      `Fold ${lacking} of the fold file holds ${positives[lacking]!} positives and ${negatives[lacking]!} negatives; every fold needs both.`,
    )
  }
  return nFolds
}

const stratified: ValidationChoice = { scheme: 'stratified' }

/** Draws what becomes of every row, or takes it over; and its times where the plan needs them. */
function setRowsApart(
  { dataset, roles, plan, seed, folds }: ExperimentRequest,
  validation: ValidationChoice,
): { readonly assignment: Int32Array; readonly days: Float64Array | null } {
  const problem = validationProblem(validation)
  if (problem !== null) throw new ExperimentRefused(`The plan can't run: ${problem}.`)
  try {
    const time = roles.time === null ? null : findColumn(dataset, roles.time)
    const days = timesFor(validation, time)
    if (folds !== null) {
      if (folds.assignment.length !== dataset.nRows) {
        throw new ExperimentRefused(
          `The fold file has ${folds.assignment.length} rows and the data ${dataset.nRows}; it needs one fold per row.`,
        )
      }
      return { assignment: folds.assignment, days }
    }
    const yTrue = readLabels(dataset, roles)
    const positives = yTrue.reduce((sum, y) => sum + y, 0)
    const [impossible] = checkPlan(plan, { positives, negatives: yTrue.length - positives }).filter(
      ({ severity, configuration }) => severity === 'refused' && configuration === null,
    )
    if (impossible !== undefined) {
      throw new ExperimentRefused(`The plan can't run: ${impossible.message}.`)
    }
    const given = readGroups(dataset, roles)
    const twins =
      validation.keepDuplicatesTogether === true
        ? duplicateSets(chooseFeatures(dataset, roles).features, dataset.nRows).sets
        : null
    const assignment = assignRows({
      yTrue,
      groups: given === null || twins === null ? (given ?? twins) : joinGroups(given, twins),
      days,
      validation,
      folds: plan.folds,
      stream: (name) => createStream(seed, name),
    })
    return { assignment, days }
  } catch (error) {
    if (error instanceof ValidationRefused) throw new ExperimentRefused(error.message)
    if (error instanceof RangeError) throw new ExperimentRefused(`Folds: ${error.message}.`)
    throw error
  }
}

/** Both classes are needed to train on and, for rates to be defined, to judge. */
function checkTrainingSets(data: ExperimentData): void {
  if (data.order === undefined) return
  for (let fold = 0; fold < data.plan.folds; fold++) {
    for (const [what, samples] of [
      ['before', trainingSamples(data, fold)],
      ['in', samplesOfFold(data.folds, fold, 'inside')],
    ] as const) {
      const positives = samples.reduce((sum, i) => sum + data.yTrue[i]!, 0)
      const negatives = samples.length - positives
      if (positives > 0 && negatives > 0) continue
      throw new ExperimentRefused(
        `Folds: ${what} fold ${fold + 1}, in order of time, there are ${positives} positives and ${negatives} negatives. Take fewer folds, or a shorter gap.`,
      )
    }
  }
}

function schemeInWords(validation: ValidationChoice, given: boolean, group: string | null): string {
  // Read from a file, or kept from the runs that are repeated on corrected labels.
  if (given) return 'folds given beforehand'
  const gap = gapOf(validation)
  const together = [
    ...(group === null ? [] : [`cases of one "${group}" together`]),
    ...(validation.keepDuplicatesTogether === true ? ['duplicates together'] : []),
  ]
  const scheme =
    validation.scheme === 'time'
      ? `in order of time${gap > 0 ? `, a gap of ${gap} days` : ''}`
      : 'stratified'
  return [scheme, ...together].join(', ')
}

function leftOutRows(
  assignment: Int32Array,
  { labelsMatureAfterDays = 0 }: ValidationChoice,
): FoldProof['notJudged'] {
  const count = (code: number): number =>
    assignment.reduce((sum, one) => sum + (one === code ? 1 : 0), 0)
  const locked = count(LOCKED)
  const young = count(YOUNG)
  const calibrates = count(CALIBRATES)
  return [
    ...(young > 0
      ? [
          {
            rows: young,
            reason: `younger than the ${labelsMatureAfterDays} days after which a label is known, or in the gap before the final test`,
          },
        ]
      : []),
    ...(calibrates > 0 ? [{ rows: calibrates, reason: 'kept unseen, to test thresholds on' }] : []),
    ...(locked > 0 ? [{ rows: locked, reason: 'locked away for the final test' }] : []),
  ]
}
