/** What several parts of the report need to know, looked up once. */
import type {
  AboutExecution,
  AnalysisResults,
  ConfigurationResult,
  Confusion,
  OperatingPoint,
  RunCurves,
} from '#shared/core/report/analysis.ts'
import type { Configuration } from '#shared/core/plan/plan.ts'
import type { Proportion } from './proportion.ts'

export interface ReportInput {
  readonly results: AnalysisResults
  readonly curves: readonly RunCurves[]
  readonly about: AboutExecution
  /** What the data is called, e.g. the name of its file. */
  readonly title: string
}

export interface ReportFacts extends ReportInput {
  readonly champion: ConfigurationResult
  /** Where the champion works: its tuned threshold, or the fixed rule that was cheaper. */
  readonly point: OperatingPoint
  readonly reference: ConfigurationResult
  /** The champion, and whom to see it beside: the reference or, where it is that, the runner-up. */
  readonly shown: readonly ConfigurationResult[]
  /** True when rates stand for another prevalence (or other weights) than the rows have. */
  readonly reweighted: boolean
  readonly marker: (name: string) => RunMarker
}

/** How a run is told from others: colour and shape, the same in every chart and table. */
export interface RunMarker {
  /** Colour token without its dashes, e.g. `run-2`. */
  readonly token: string
  readonly shape: 'circle' | 'square' | 'triangle' | 'diamond' | 'triangle-down' | 'pentagon'
}

const SHAPES = ['circle', 'square', 'triangle', 'diamond', 'triangle-down', 'pentagon'] as const

/** @throws RangeError when champion or reference name no configuration, or a rule has no point. */
export function reportFacts(input: ReportInput): ReportFacts {
  const { results } = input
  const champion = configurationOf(results, results.champion)
  const reference = configurationOf(results, results.comparison.reference)
  const point = pointOf(champion, results.comparison.champion.rule)
  if (point === null) {
    throw new RangeError(
      `the champion needs an operating point by its rule, got none for ${results.comparison.champion.rule}`,
    )
  }
  const rows = total(point.confusion)
  return {
    ...input,
    champion,
    point,
    reference,
    shown: [...new Set([champion, besideOf(results, champion, reference)])],
    reweighted: !close(
      point.alertsPer1000 / 1000,
      (point.confusion.tp + point.confusion.fp) / rows,
    ),
    marker: markers(results, champion.name, besideOf(results, champion, reference).name),
  }
}

function configurationOf(results: AnalysisResults, name: string): ConfigurationResult {
  const found = results.configurations.find((configuration) => configuration.name === name)
  if (found === undefined) throw new RangeError(`no configuration is called ${name}`)
  return found
}

function besideOf(
  { comparison, configurations }: AnalysisResults,
  champion: ConfigurationResult,
  reference: ConfigurationResult,
): ConfigurationResult {
  if (reference !== champion) return reference
  const opponent = comparison.difference?.opponent
  return configurations.find(({ name }) => name === opponent) ?? champion
}

/** The champion is the first colour, the reference the second, the others follow in plan order. */
function markers(
  results: AnalysisResults,
  ...first: readonly string[]
): (name: string) => RunMarker {
  const names = [...new Set([...first, ...results.configurations.map(({ name }) => name)])]
  return (name) => {
    const position = names.indexOf(name)
    return position >= 0 && position < SHAPES.length
      ? { token: `run-${position + 1}`, shape: SHAPES[position]! }
      : { token: 'muted', shape: 'circle' }
  }
}

export function pointOf(
  { operatingPoints }: ConfigurationResult,
  rule: OperatingPoint['rule'],
): OperatingPoint | null {
  return operatingPoints.find((point) => point.rule === rule) ?? null
}

export function total({ tp, fp, tn, fn }: Confusion): number {
  return tp + fp + tn + fn
}

/** Positives caught, of all positives. */
export function caught({ tp, fn }: Confusion): Proportion {
  return { count: tp, of: tp + fn }
}

/** Alerts that were right, of all alerts. */
export function right({ tp, fp }: Confusion): Proportion {
  return { count: tp, of: tp + fp }
}

/** Cases with an alert, of all cases. */
export function alerted(confusion: Confusion): Proportion {
  return { count: confusion.tp + confusion.fp, of: total(confusion) }
}

/** True when a rate is what its counts say, so that an interval of the counts is one of the rate. */
export function isPlainRate(rate: number | null, { count, of }: Proportion): boolean {
  return rate !== null && of > 0 && close(rate, count / of)
}

function close(a: number, b: number): boolean {
  return Math.abs(a - b) <= 1e-9
}

const MODELS: Readonly<Record<Configuration['model']['kind'], string>> = {
  logistic_regression: 'Logistic regression',
  gradient_boosting: 'Boosted trees',
}

/** `Boosted trees, SMOTE to 1 : 3` */
export function runTitle({ model, sampling, weighting }: Configuration): string {
  const treatments = [
    ...(sampling.kind === 'random_under'
      ? [`under-sampled to ${ratioText(sampling.targetImbalanceRatio)}`]
      : []),
    ...(sampling.kind === 'smote' ? [`SMOTE to ${ratioText(sampling.targetImbalanceRatio)}`] : []),
    ...(weighting.kind === 'balanced' ? ['balanced class weights'] : []),
  ]
  return `${MODELS[model.kind]}, ${treatments.length === 0 ? 'untreated' : treatments.join(', ')}`
}

function ratioText(imbalanceRatio: number): string {
  return `1\u00a0:\u00a0${imbalanceRatio}`
}

const RULES: Readonly<Record<OperatingPoint['rule'], string>> = {
  half: 'at 0.5',
  bayes: 'at Bayes threshold',
  tuned: 'tuned',
}

export function ruleText(rule: OperatingPoint['rule']): string {
  return RULES[rule]
}

/** What a run is in this comparison. */
export function roleOf({ champion, reference }: ReportFacts, name: string): string {
  if (name === champion.name) return name === reference.name ? 'champion and reference' : 'champion'
  return name === reference.name ? 'reference' : 'runner-up'
}

/**
 * What the classes are called: by the label alone where it says something, `fraud` and `not fraud`;
 * else with the target, `default = 1` and `default not 1`.
 */
export function classNames({ target, positive }: AnalysisResults['dataset']): {
  readonly positive: string
  readonly negative: string
} {
  const speaks = /\p{L}{3}/u.test(positive) && !/^(?:yes|true)$/i.test(positive)
  return speaks
    ? { positive, negative: `not ${positive}` }
    : { positive: `${target} = ${positive}`, negative: `${target} not ${positive}` }
}
