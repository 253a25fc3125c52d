/** What several parts of the report need to know, looked up once. */
import type {
  AboutExecution,
  AnalysisResults,
  Comparison,
  ConfigurationResult,
  Confusion,
  LedgerRow,
  OperatingPoint,
  RunCurves,
} from '#shared/core/report/analysis.ts'
import type { Agreement } from '#shared/core/label-quality/cohen-kappa.ts'
import type { SignalAudit } from '#shared/core/label-quality/detector-audit.ts'
import type { HiddenRate } from '#shared/core/label-quality/hidden-positives.ts'
import type { FinalTest } from '#shared/core/pipeline/final-test.ts'
import type { LabelEstimates } from '#shared/core/pipeline/label-findings.ts'
import type { Proportion } from './proportion.ts'

export interface ReportInput {
  readonly results: AnalysisResults
  readonly curves: readonly RunCurves[]
  readonly about: AboutExecution
  /** What the data is called, e.g. the name of its file. */
  readonly title: string
  readonly decisions: Decisions
}

/** What people decided and said why, oldest first; times in ISO 8601. */
export interface Decisions {
  /** Thresholds kept for runs of this experiment; infinite: nobody is alerted. */
  readonly kept: readonly {
    readonly run: string
    readonly threshold: number
    readonly reason: string
    readonly at: string
  }[]
  /** Openings of the locked test set, oldest first. */
  readonly openings: readonly {
    readonly run: string
    readonly reason: string
    readonly at: string
    readonly result: FinalTest
  }[]
  /** Changes of the frame after it was locked. */
  readonly frameChanges: readonly { readonly reason: string; readonly at: string }[]
  /** What is known of the labels; left out where nobody has looked at them. */
  readonly labels?: LabelFacts
}

/** What models and reviewers say of the labels that everything is judged by. */
export interface LabelFacts {
  readonly estimates: LabelEstimates | null
  readonly audit: { readonly planted: number; readonly signals: readonly SignalAudit[] } | null
  /** From rows that were drawn at random; null before any was judged. */
  readonly control: {
    readonly reviewed: number
    readonly found: number
    readonly hidden: HiddenRate
  } | null
  readonly decided: {
    readonly keep: number
    readonly relabel: number
    readonly exclude: number
    readonly unsure: number
    readonly adjudicate: number
  }
  readonly reviewers: number
  readonly agreement: Agreement
  /** Reviewed rows that a model chose, and that were drawn at random. */
  readonly byModel: number
  readonly atRandom: number
  /** Head of the log of reviews; `brokenAt`: where it was tampered with, else null. */
  readonly chain: {
    readonly events: number
    readonly hash: string
    readonly brokenAt: number | null
  }
  /** Set where these data are corrected ones. */
  readonly corrected: { readonly relabelled: number; readonly excluded: number } | null
}

export interface ReportFacts extends ReportInput {
  /** The run to decide with; everything but the ledger speaks of it. */
  readonly recommended: ConfigurationResult
  /** Where it works: its tuned threshold, or the fixed rule that was cheaper. */
  readonly point: OperatingPoint
  /** The cheapest run, which may be so by chance. */
  readonly champion: ConfigurationResult
  readonly reference: ConfigurationResult
  /**
   * The recommended run, and which to see it beside: the champion, the reference or the runner-up,
   * the first of them that is another run.
   */
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

/**
 * @throws RangeError when recommended run, champion or reference name no configuration, or the rule
 *   has no operating point.
 */
export function reportFacts(input: ReportInput): ReportFacts {
  const { results } = input
  const { comparison } = results
  const recommended = configurationOf(results, comparison.recommended.name)
  const champion = configurationOf(results, results.champion)
  const reference = configurationOf(results, comparison.reference)
  const point = pointOf(recommended, comparison.recommended.rule)
  if (point === null) {
    throw new RangeError(
      `the recommended run needs an operating point by its rule, got none for ${comparison.recommended.rule}`,
    )
  }
  const rows = total(point.confusion)
  const beside = [champion, reference, runnerUpOf(results, recommended)].find(
    (run) => run !== recommended,
  )
  const shown = beside === undefined ? [recommended] : [recommended, beside]
  return {
    ...input,
    recommended,
    point,
    champion,
    reference,
    shown,
    reweighted: !close(
      point.alertsPer1000 / 1000,
      (point.confusion.tp + point.confusion.fp) / rows,
    ),
    marker: markers(results, shown),
  }
}

function configurationOf(results: AnalysisResults, name: string): ConfigurationResult {
  const found = results.configurations.find((configuration) => configuration.name === name)
  if (found === undefined) throw new RangeError(`no configuration is called ${name}`)
  return found
}

/** The champion's opponent or, where that is the same run, the cheapest other one. */
function runnerUpOf(
  { comparison, configurations }: AnalysisResults,
  { name }: ConfigurationResult,
): ConfigurationResult | undefined {
  const others = comparison.ledger
    .filter((row) => row.name !== name)
    .toSorted((a, b) => a.costPer1000 - b.costPer1000)
  const opponent = others.find((row) => row.name === comparison.difference?.opponent)
  const runnerUp = (opponent ?? others[0])?.name
  return configurations.find((run) => run.name === runnerUp)
}

/** The runs shown have the first colours, the others follow in plan order. */
function markers(
  { configurations }: AnalysisResults,
  shown: readonly ConfigurationResult[],
): (name: string) => RunMarker {
  const names = [...new Set([...shown, ...configurations].map(({ name }) => name))]
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

const RULES: Readonly<Record<OperatingPoint['rule'], string>> = {
  half: 'at 0.5',
  bayes: 'at Bayes threshold',
  tuned: 'tuned',
  prevalence: 'at prevalence (logit adjustment)',
}

export function ruleText(rule: OperatingPoint['rule']): string {
  return RULES[rule]
}

/** What a run that is shown is in this comparison. */
export function roleOf(facts: ReportFacts, name: string): string {
  const { recommended, champion, reference } = facts
  const roles = rolesOf(name, [recommended.name, champion.name, reference.name])
  return roles.length === 0 ? 'runner-up' : roles.join(', ')
}

/** What a row of the ledger is in this comparison; empty for most. */
export function ledgerRoles(
  { recommended, champion, reference }: Comparison,
  { name, rule }: Pick<LedgerRow, 'name' | 'rule'>,
): readonly LedgerRole[] {
  const keyOf = (way: Pick<LedgerRow, 'name' | 'rule'>): string => `${way.rule} ${way.name}`
  return rolesOf(
    keyOf({ name, rule }),
    [recommended, champion, { name: reference, rule: 'tuned' as const }].map(keyOf),
  )
}

const ROLES = ['recommended', 'cheapest', 'reference'] as const

export type LedgerRole = (typeof ROLES)[number]

/** @param holders Who has each of the roles, in their order. */
function rolesOf(who: string, holders: readonly string[]): readonly LedgerRole[] {
  return ROLES.filter((_, i) => holders[i] === who)
}

/** True when the cheapest way to decide is another than the recommended one. */
export function championDiffers({ results }: ReportFacts): boolean {
  const { recommended, champion } = results.comparison
  return recommended.name !== champion.name || recommended.rule !== champion.rule
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
