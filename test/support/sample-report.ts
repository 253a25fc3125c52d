/**
 * A made-up analysis for tests of the report: 5,412 referred payments with 492 frauds, eight runs.
 * Scores are simulated, and everything else is counted on them, so that the numbers agree with one
 * another; intervals are plausible widths, not computed.
 */
import type { LabelFacts, ReportInput } from '#main/files/report/report-facts.ts'
import type {
  AnalysisResults,
  Comparison,
  ConfigurationResult,
  Confusion,
  Interval,
  LedgerRow,
  OperatingPoint,
  RunCurves,
} from '#shared/core/report/analysis.ts'
import type { CalibrationReceipt } from '#shared/core/calibration/receipt.ts'
import { openingSentence } from '#shared/core/decision/opening-sentence.ts'
import { guardrails } from '#shared/core/guardrails/judge-guardrails.ts'
import { noCheckpoint } from '#shared/core/math/checkpoint.ts'
import { costUncertainty, runUnderDoubt } from '#shared/core/pipeline/cost-uncertainty.ts'
import { solverAnswer } from '#shared/core/pipeline/solver-answer.ts'
import type { Configuration } from '#shared/core/plan/plan.ts'
import { sampleSlices, verdictOn } from './sample-verdict.ts'

const N_POSITIVES = 492
const N_NEGATIVES = 4920
const N_ROWS = N_POSITIVES + N_NEGATIVES
const CASES_PER_DAY = 2706
const FEATURES = [
  ...Array.from({ length: 16 }, (_, i) => `V${i + 1}`),
  'amount',
  'hour_of_day',
  'merchant_category',
  'days_since_first_payment',
]
const COST = { truePositive: 6, falsePositive: 6, trueNegative: 0, falseNegative: 147 }
const BAYES = COST.falsePositive / (COST.falsePositive + COST.falseNegative - COST.truePositive)

const CONSTANT = { ...COST, constant: true }
const PREVALENCE = { inData: N_POSITIVES / N_ROWS, inUse: N_POSITIVES / N_ROWS }
const Y_TRUE = Uint8Array.from({ length: N_ROWS }, (_, i) => (i < N_POSITIVES ? 1 : 0))

/** How far apart a made-up run puts the classes, in logits, and what its treatment shifts. */
interface Recipe {
  readonly configuration: Configuration
  readonly separation: number
  readonly shift: number
  readonly iterations: number
}

const logistic = { kind: 'logistic_regression', c: 1 } as const
const trees = {
  kind: 'gradient_boosting',
  iterations: 200,
  maxDepth: 6,
  learningRate: 0.1,
  lambda: 1,
  minChildWeight: 1,
  bins: 256,
} as const
const none = { kind: 'none' } as const
const untouched = { correction: false, calibrator: 'none' } as const
const repaired = { correction: true, calibrator: 'auto' } as const

const RECIPES: readonly Recipe[] = [
  recipe('lr', logistic, none, none, 4.1, 0),
  recipe('gbdt', trees, none, none, 5.25, 0),
  recipe('lr_balanced', logistic, none, { kind: 'balanced' }, 4.13, 2.3),
  recipe('gbdt_balanced', trees, none, { kind: 'balanced' }, 5.2, 1.9),
  recipe(
    'lr_random_under',
    logistic,
    { kind: 'random_under', targetImbalanceRatio: 3 },
    none,
    4.0,
    1.2,
  ),
  recipe(
    'gbdt_random_under',
    trees,
    { kind: 'random_under', targetImbalanceRatio: 3 },
    none,
    4.9,
    1.1,
  ),
  recipe(
    'lr_smote',
    logistic,
    { kind: 'smote', targetImbalanceRatio: 3, neighbors: 5 },
    none,
    4.05,
    1.2,
  ),
  recipe(
    'gbdt_smote',
    trees,
    { kind: 'smote', targetImbalanceRatio: 3, neighbors: 5 },
    none,
    5.1,
    0.8,
  ),
]

function recipe(
  name: string,
  model: Configuration['model'],
  sampling: Configuration['sampling'],
  weighting: Configuration['weighting'],
  separation: number,
  shift: number,
): Recipe {
  const untreated = sampling.kind === 'none' && weighting.kind === 'none'
  const calibration = untreated ? untouched : repaired
  return {
    configuration: { name, model, sampling, weighting, calibration },
    separation,
    shift,
    iterations: model.kind === 'gradient_boosting' ? model.iterations : 23,
  }
}

interface Scores {
  /** Calibrated probabilities, positives first. */
  readonly probabilities: readonly number[]
  readonly raw: readonly number[]
}

/** A realistic input for `renderReport`; the same at every call. */
export function sampleReport(): ReportInput {
  made ??= makeSample(RECIPES)
  return made
}

let made: ReportInput | null = null

/** The sample with a treatment that comes out cheapest, but not for certain. */
export function unclearReport(): ReportInput {
  madeUnclear ??= makeSample(
    RECIPES.map((each) =>
      each.configuration.name === 'gbdt_smote' ? { ...each, separation: 5.35 } : each,
    ),
  )
  return madeUnclear
}

let madeUnclear: ReportInput | null = null

function makeSample(recipes: readonly Recipe[]): ReportInput {
  const runs = recipes.map((each) => ({ ...each, scores: simulate(each) }))
  const configurations = runs.map(({ scores, ...each }) => configurationResult(each, scores))
  const curves = runs.map(({ configuration, scores }) => curvesOf(configuration.name, scores))
  const told = verdict(configurations)
  return {
    title: 'referred-payments-2026-q3.csv',
    results: {
      verdict: verdictOn(),
      slices: sampleSlices,
      dataset: {
        rows: N_ROWS,
        positives: N_POSITIVES,
        prevalence: N_POSITIVES / N_ROWS,
        fingerprint: '9c41e07a4b1d5f9be1f2c44d6a08b3375f0c9b7f6a1de9287d3c5b40e61f8a92',
        target: 'outcome',
        positive: 'fraud',
        features: FEATURES,
        leftOut: [
          { column: 'payment_id', reason: 'identifier: every value is different' },
          { column: 'chargeback_date', reason: 'ignored on request' },
          { column: 'currency', reason: 'constant: EUR in every row' },
        ],
      },
      frame: {
        costs: COST,
        costsAssumed: false,
        casesPerDay: CASES_PER_DAY,
        capacity: 900,
        minutesPerAlert: null,
        reviewHoursPerDay: null,
        commitments: [{ measure: 'recall', atLeast: 0.8 }],
        currency: null,
        prevalenceInData: N_POSITIVES / N_ROWS,
        prevalenceInUse: N_POSITIVES / N_ROWS,
        bayesThreshold: BAYES,
        bayesThresholdReason: null,
      },
      experiment: {
        seed: 42,
        folds: 5,
        innerFolds: 4,
        foldsFrom: 'seed',
        bootstrapDraws: 1000,
        notes: [
          '17 rows repeat another row in every feature; they were kept together in one fold.',
        ],
        proof: {
          scheme: 'stratified, duplicates together',
          judged: { positives: N_POSITIVES, negatives: N_NEGATIVES },
          folds: [0, 1, 2, 3, 4].map((fold) => ({
            fold,
            training: N_ROWS - Math.round(N_ROWS / 5),
            judged: Math.round(N_ROWS / 5),
            judgedPositives: Math.round(N_POSITIVES / 5),
            shared: 0,
            sharedGroups: 0,
            latestOverlap: false,
            gapDays: null,
          })),
          duplicatesAcross: 0,
          notJudged: [],
        },
      },
      configurations,
      guardrails: guardrails.map(({ id, kind, reason, phrase }) => {
        const finding = { id, kind, message: `Found by ${id}.`, because: reason }
        const common = { id, kind, reason, phrase }
        if (id === 'G21') {
          const acknowledgement = 'Labels were audited in March.'
          return { ...common, state: 'overridden', findings: [finding], acknowledgement }
        }
        return id === 'G31'
          ? { ...common, state: 'failed', findings: [finding], acknowledgement: null }
          : { ...common, state: 'passed', findings: [], acknowledgement: null }
      }),
      ...told,
      costUncertainty: costUncertainty(
        { costs: CONSTANT, prevalence: PREVALENCE },
        runs.map(({ configuration, scores }, i) =>
          runUnderDoubt(
            {
              ...{ yTrue: Y_TRUE, decisionWeights: null, groups: null, costs: CONSTANT },
              prevalence: PREVALENCE,
            },
            {
              configuration: configuration.name,
              probabilities: Float64Array.from(scores.probabilities),
            },
            configurations[i]!,
          ),
        ),
        told.comparison,
        null,
      ),
    },
    curves,
    decisions: {
      openings: [],
      kept: [
        {
          run: 'gbdt',
          threshold: 0.0381,
          reason: 'The team of nine works 900 alerts a day',
          at: '2026-11-20T17:05:00.000Z',
        },
      ],
      frameChanges: [
        { reason: 'Callbacks became dearer in October', at: '2026-11-20T15:40:00.000Z' },
      ],
      labels: sampleLabels(),
    },
    about: {
      digest: 'e3b1c4a09f5d72c6188d2f3f97b6a45de01c7b29a4f8c3365ad91be07f24d8c0',
      version: '0.1.0',
      engine: 'AssemblyScript kernels, WebAssembly SIMD',
      node: 'v24.21.0',
      platform: 'linux x64',
      workers: 2,
      startedAt: '2026-11-20T16:22:09.118Z',
      wallSeconds: 84.2,
      cpuSeconds: 151.6,
      command:
        'steelyard analyze referred-payments-2026-q3.csv --target outcome --positive fraud --cost-fn 147 --cost-fp 6 --cases-per-day 2706 --capacity 900 --commit recall:0.8 --seed 42',
    },
  }
}

/** What a scan and 300 reviews of the sample said of its labels. */
function sampleLabels(): LabelFacts {
  return {
    estimates: {
      models: [{ name: 'gbdt', weight: 1 }],
      ...{ repeats: 3, positives: 492, negatives: 4920, issues: 61, wrongPositives: 8.2 },
      hiddenPositives: [
        { method: 'Confident learning', count: 41.3, rate: 0.0084, assumes: 'A.' },
        { method: 'Positive-unlabelled learning', count: null, rate: null, assumes: 'B.' },
      ],
    },
    audit: {
      planted: 98,
      signals: [{ signal: 'combined', foundAtK: 61, recallAtK: 61 / 98, shareToHalf: 0.014 }],
    },
    control: {
      ...{ reviewed: 60, found: 1 },
      hidden: {
        rate: 1 / 60,
        interval: { lower: 0.0004, upper: 0.0894, level: 0.95, method: 'exact (Clopper-Pearson)' },
        count: 82,
        countInterval: { lower: 2, upper: 440 },
      },
    },
    decided: { keep: 251, relabel: 38, exclude: 4, unsure: 5, adjudicate: 2 },
    reviewers: 2,
    agreement: {
      ...{ pairs: 50, observed: 0.92, kappa: 0.81, reason: null },
      interval: { lower: 0.64, upper: 0.98, level: 0.95, method: 'large-sample' },
    },
    ...{ byModel: 240, atRandom: 60, corrected: { relabelled: 38, excluded: 4 } },
    chain: {
      events: 317,
      hash: '9a41c07be2d5f8836e17aa90c4d2b6f3518e7d0c9b24f6a8e3571d0cc8b94f26',
      brokenAt: null,
    },
  }
}

/** Names that would do harm if they were taken for markup, formulas or templates. */
export const HOSTILE_NAMES = [
  '<script>alert("column")</script>',
  '"><img src=x onerror=alert(1)>',
  "'; </style></title><svg onload=alert(1)>",
  '=HYPERLINK("http://example.invalid","click")',
  'a\u202Egnp.exe {a|b} {c} ${x}',
  'half \ud800 pair and \u0000 zero',
] as const

/** The sample with hostile names wherever the data can put a name. */
export function hostileReport(): ReportInput {
  const sample = sampleReport()
  const { dataset, frame } = sample.results
  return {
    ...sample,
    title: HOSTILE_NAMES[0],
    decisions: {
      openings: [],
      kept: HOSTILE_NAMES.map((run) => ({ run, threshold: Infinity, reason: run, at: run })),
      frameChanges: HOSTILE_NAMES.map((reason) => ({ reason, at: reason })),
      labels: sampleLabels(),
    },
    results: {
      ...sample.results,
      dataset: {
        ...dataset,
        target: HOSTILE_NAMES[1],
        positive: HOSTILE_NAMES[2],
        features: [...HOSTILE_NAMES, 'x'.repeat(5000), ...dataset.features],
        leftOut: HOSTILE_NAMES.map((column) => ({ column, reason: `ignored: ${column}` })),
      },
      frame: {
        ...frame,
        costs: { ...frame.costs, falseNegative: { column: HOSTILE_NAMES[0] } },
        bayesThreshold: null,
        bayesThresholdReason: `costs differ by case: ${HOSTILE_NAMES[0]}`,
      },
      configurations: sample.results.configurations.map((run) => ({
        ...run,
        importance: run.importance && {
          ...run.importance,
          columns: run.importance.columns.map((one, i) => ({
            ...one,
            column: HOSTILE_NAMES[i] ?? one.column,
          })),
        },
      })),
    },
    about: { ...sample.about, command: HOSTILE_NAMES.join(' ') },
  }
}

/** The sample with nothing in any field that may be empty. */
export function bareReport(): ReportInput {
  const sample = sampleReport()
  const results = Object.fromEntries(
    Object.entries(sample.results).filter(([key]) => key !== 'costUncertainty'),
  ) as unknown as AnalysisResults
  const nothing = <T extends object>(record: T): { [Key in keyof T]: null } =>
    Object.fromEntries(Object.keys(record).map((key) => [key, null])) as { [Key in keyof T]: null }
  const barePoint = (point: OperatingPoint): OperatingPoint => ({
    ...point,
    threshold: null,
    precision: null,
    recall: null,
    costPer1000Interval: null,
    alertsPerDay: null,
    costPerMonth: null,
  })
  const reason = 'there are no positives'
  return {
    ...sample,
    curves: [],
    results: {
      ...results,
      dataset: { ...results.dataset, features: [], leftOut: [] },
      frame: {
        ...results.frame,
        costsAssumed: true,
        casesPerDay: null,
        capacity: null,
        minutesPerAlert: null,
        reviewHoursPerDay: null,
        commitments: [],
        bayesThreshold: null,
        bayesThresholdReason: null,
      },
      configurations: results.configurations.map((run) => ({
        ...run,
        metrics: nothing(run.metrics),
        undefinedMetrics: [{ metric: 'averagePrecision' as const, reason }],
        intervals: nothing(run.intervals),
        threshold: {
          ...run.threshold,
          value: Infinity,
          perFold: [Infinity],
          feasible: false,
          shortfall: null,
        },
        costPer1000Interval: null,
        importance: null,
        importanceReason: reason,
        operatingPoints: run.operatingPoints.map(barePoint),
        calibration: {
          correction: null,
          calibrator: null,
          stages: run.calibration.stages.map(({ stage, bins, ...measures }) => ({
            ...nothing(measures),
            stage,
            bins: bins.map(() => ({ count: 0, meanProbability: null, observed: null })),
            undefinedMeasures: [{ measure: 'slope', reason }],
          })),
        },
      })),
      comparison: {
        ...results.comparison,
        ledger: results.comparison.ledger.map((row) => ({
          ...row,
          costPer1000Interval: null,
          precision: null,
          recall: null,
          differenceToReference: null,
          differenceInterval: null,
        })),
        champion: {
          ...results.comparison.champion,
          costPer1000BiasCorrected: null,
          costPer1000BiasCorrectedInterval: null,
        },
        difference: null,
      },
    },
  }
}

/** Deterministic uniform numbers in (0, 1). */
function uniforms(seed: number): () => number {
  let state = seed >>> 0
  return () => {
    state = (state + 0x6d2b79f5) >>> 0
    let mixed = Math.imul(state ^ (state >>> 15), state | 1)
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61)
    return (((mixed ^ (mixed >>> 14)) >>> 0) + 0.5) / 4294967296
  }
}

function simulate({ separation, shift }: Recipe): Scores {
  // One seed for all: runs differ by how they separate the same cases.
  const uniform = uniforms(7)
  const normal = () => Math.sqrt(-2 * Math.log(uniform())) * Math.cos(2 * Math.PI * uniform())
  const prior = Math.log(N_POSITIVES / N_NEGATIVES)
  const logits = Array.from({ length: N_ROWS }, (_, i) => {
    const spread = Math.sqrt(separation)
    const evidence = (i < N_POSITIVES ? separation / 2 : -separation / 2) + spread * normal()
    return prior + evidence
  })
  const sigmoid = (z: number) => 1 / (1 + Math.exp(-z))
  return { probabilities: logits.map(sigmoid), raw: logits.map((z) => sigmoid(1.08 * z + shift)) }
}

const isPositive = (i: number) => i < N_POSITIVES

function confusionAt(probabilities: readonly number[], threshold: number): Confusion {
  let tp = 0
  let fp = 0
  probabilities.forEach((probability, i) => {
    if (probability < threshold) return
    if (isPositive(i)) tp += 1
    else fp += 1
  })
  return { tp, fp, tn: N_NEGATIVES - fp, fn: N_POSITIVES - tp }
}

function costPer1000({ tp, fp, fn }: Confusion): number {
  const cost = tp * COST.truePositive + fp * COST.falsePositive + fn * COST.falseNegative
  return (cost / N_ROWS) * 1000
}

function around(value: number, half: number, method = 'bootstrap percentile'): Interval {
  return { lower: value - half, upper: value + half * 1.08, level: 0.95, method }
}

function operatingPoint(
  rule: OperatingPoint['rule'],
  threshold: number,
  confusion: Confusion,
): OperatingPoint {
  const cost = costPer1000(confusion)
  const alerts = confusion.tp + confusion.fp
  return {
    rule,
    threshold,
    confusion,
    precision: alerts === 0 ? null : confusion.tp / alerts,
    recall: confusion.tp / N_POSITIVES,
    alertsPer1000: (alerts / N_ROWS) * 1000,
    costPer1000: cost,
    costPer1000Interval: around(cost, 0.09 * cost + 60),
    alertsPerDay: (alerts / N_ROWS) * CASES_PER_DAY,
    costPerMonth: (cost / 1000) * CASES_PER_DAY * 30,
  }
}

/** Least cost with recall of at least 80 %. */
function tuned(probabilities: readonly number[]): number {
  const candidates = Array.from({ length: 400 }, (_, i) => 0.002 * 1.0155 ** i).filter((t) => t < 1)
  const allowed = candidates.filter((t) => confusionAt(probabilities, t).tp >= 0.8 * N_POSITIVES)
  return allowed.reduce((best, t) =>
    costPer1000(confusionAt(probabilities, t)) < costPer1000(confusionAt(probabilities, best))
      ? t
      : best,
  )
}

function configurationResult(
  { configuration, iterations }: Omit<Recipe, 'scores'>,
  { probabilities, raw }: Scores,
): ConfigurationResult {
  const untreated = configuration.calibration === untouched
  const threshold = tuned(probabilities)
  const perFold = [0.93, 1.06, 0.88, 1.13, 1.02].map((factor) => threshold * factor)
  // A nested estimate is a little worse than the threshold looks where it was chosen.
  const nested = confusionAt(probabilities, threshold * 1.09)
  const points = [
    operatingPoint('half', 0.5, confusionAt(probabilities, 0.5)),
    operatingPoint('bayes', BAYES, confusionAt(probabilities, BAYES)),
    operatingPoint('tuned', threshold, nested),
  ]
  const metrics = {
    averagePrecision: averagePrecision(probabilities),
    rocAuc: rocAuc(probabilities),
    prGainArea: 0.71,
    brier: mean(probabilities.map((p, i) => (p - (isPositive(i) ? 1 : 0)) ** 2)),
    brierSkill: null as number | null,
    logLoss: mean(probabilities.map((p, i) => -Math.log(isPositive(i) ? p : 1 - p))),
    eceEqualCount10: 0.0061,
    recallAtPrecision50: largest(probabilities, ({ precision, recall }) =>
      precision >= 0.5 ? recall : 0,
    ),
    recallAtPrecision90: largest(probabilities, ({ precision, recall }) =>
      precision >= 0.9 ? recall : 0,
    ),
    precisionAtRecall50: largest(probabilities, ({ precision, recall }) =>
      recall >= 0.5 ? precision : 0,
    ),
    precisionAtRecall90: largest(probabilities, ({ precision, recall }) =>
      recall >= 0.9 ? precision : 0,
    ),
  }
  const uncertainty = (N_POSITIVES * N_NEGATIVES) / N_ROWS ** 2
  const skill = 1 - metrics.brier / uncertainty
  const full = { ...metrics, brierSkill: skill }
  const tunedPoint = points[2]!
  return {
    name: configuration.name,
    untreated,
    configuration,
    metrics: full,
    undefinedMetrics: [],
    intervals: {
      averagePrecision: around(full.averagePrecision, 0.034),
      rocAuc: around(full.rocAuc, 0.011, 'DeLong'),
      prGainArea: around(full.prGainArea, 0.03),
      brier: around(full.brier, 0.0038),
      brierSkill: around(skill, 0.04),
      logLoss: around(full.logLoss, 0.012),
      eceEqualCount10: around(full.eceEqualCount10, 0.0042),
      recallAtPrecision50: around(full.recallAtPrecision50, 0.04),
      recallAtPrecision90: around(full.recallAtPrecision90, 0.06),
      precisionAtRecall50: around(full.precisionAtRecall50, 0.04),
      precisionAtRecall90: around(full.precisionAtRecall90, 0.05),
    },
    threshold: {
      value: threshold,
      rule: 'least cost with recall at least 0.8 and alerts within capacity',
      fittedOn:
        'all out-of-fold probabilities; judged with thresholds from inside each training set',
      perFold,
      feasible: true,
      shortfall: null,
    },
    confusion: tunedPoint.confusion,
    costPer1000: tunedPoint.costPer1000,
    costPer1000Interval: tunedPoint.costPer1000Interval,
    operatingPoints: points,
    solver: solverAnswer(
      {
        yTrue: Uint8Array.from(probabilities, (_, i) => (isPositive(i) ? 1 : 0)),
        decisionWeights: null,
        costs: { ...COST, constant: true },
        commitments: [{ measure: 'recall', atLeast: 0.8 }],
        capacity: 900,
        minutesPerAlert: null,
        reviewHoursPerDay: null,
        casesPerDay: CASES_PER_DAY,
        plan: { bootstrapDraws: 100 },
        seed: 42,
      },
      {
        configuration: configuration.name,
        probabilities: Float64Array.from(probabilities),
        thresholds: perFold,
      },
      threshold,
      noCheckpoint,
    ),
    calibration: receipt(untreated, probabilities, raw),
    training: {
      perFold: [0, 1, 2, 3, 4].map((fold) => trainingFacts(configuration, iterations, fold)),
      notes:
        configuration.name === 'lr_balanced'
          ? ['The fit stopped at its bound before converging in 1 of 5 folds.']
          : [],
    },
    importance: importanceOf(configuration),
    importanceReason: null,
  }
}

function importanceOf({ model }: Configuration): ConfigurationResult['importance'] {
  const spread = (value: number) => ({ lower: 0.8 * value, upper: 1.3 * value })
  return {
    method: 'average precision lost when the values of a column are exchanged',
    samplesPerFold: [1083, 1083, 1082, 1082, 1082],
    columns: FEATURES.map((column, i) => {
      const permutation = 0.2 / (1 + i)
      const gain = model.kind === 'gradient_boosting' ? 0.3 / (1 + i) : null
      const coefficient =
        model.kind === 'logistic_regression' && column !== 'merchant_category' ? 1 / (1 + i) : null
      return {
        column,
        permutation,
        gain,
        coefficient,
        foldSpread: {
          permutation: spread(permutation),
          gain: gain === null ? null : spread(gain),
          coefficient: coefficient === null ? null : spread(coefficient),
        },
      }
    }),
  }
}

function trainingFacts(
  { sampling, name }: Configuration,
  iterations: number,
  fold: number,
): ConfigurationResult['training']['perFold'][number] {
  const positives = fold < 2 ? 393 : 394
  const synthetic = sampling.kind === 'smote' ? 3936 / 3 - positives : 0
  return {
    negatives: sampling.kind === 'random_under' ? 3 * positives : 3936,
    positives: positives + synthetic,
    synthetic,
    iterations,
    converged: !(name === 'lr_balanced' && fold === 3),
  }
}

function receipt(
  untreated: boolean,
  probabilities: readonly number[],
  raw: readonly number[],
): CalibrationReceipt {
  const corrected = probabilities.map((p, i) => 0.8 * p + 0.2 * raw[i]!)
  return {
    correction: untreated ? null : 'prior odds',
    calibrator: untreated ? null : 'isotonic',
    stages: untreated
      ? [stage('raw', probabilities, 1)]
      : [
          stage('raw', raw, 0.86),
          stage('corrected', corrected, 0.94),
          stage('recalibrated', probabilities, 0.99),
        ],
  }
}

function stage(
  name: CalibrationReceipt['stages'][number]['stage'],
  probabilities: readonly number[],
  slope: number,
): CalibrationReceipt['stages'][number] {
  const order = [...probabilities.keys()].sort((a, b) => probabilities[a]! - probabilities[b]!)
  const bins = Array.from({ length: 10 }, (_, bin) => {
    const members = order.slice(
      Math.floor((bin * N_ROWS) / 10),
      Math.floor(((bin + 1) * N_ROWS) / 10),
    )
    return {
      count: members.length,
      meanProbability: mean(members.map((i) => probabilities[i]!)),
      observed: members.filter(isPositive).length / members.length,
    }
  })
  const share = N_POSITIVES / N_ROWS
  const weighted = (value: (bin: (typeof bins)[number]) => number) =>
    bins.reduce((sum, bin) => sum + (bin.count / N_ROWS) * value(bin), 0)
  const expected = probabilities.reduce((sum, p) => sum + p, 0)
  return {
    stage: name,
    observedToExpected: N_POSITIVES / expected,
    intercept: Math.log(N_POSITIVES / expected) * 1.4,
    slope,
    brier: mean(probabilities.map((p, i) => (p - (isPositive(i) ? 1 : 0)) ** 2)),
    reliability: weighted((bin) => (bin.meanProbability - bin.observed) ** 2),
    resolution: weighted((bin) => (bin.observed - share) ** 2),
    uncertainty: share * (1 - share),
    eceEqualCount10: weighted((bin) => Math.abs(bin.meanProbability - bin.observed)),
    logLoss: mean(probabilities.map((p, i) => -Math.log(isPositive(i) ? p : 1 - p))),
    bins,
    undefinedMeasures: [],
  }
}

/** Thresholds at 200 places of the ranking, densest among the alerts. */
function places(probabilities: readonly number[]): readonly number[] {
  const sorted = probabilities.toSorted((a, b) => b - a)
  return Array.from({ length: 200 }, (_, i) => sorted[Math.floor((N_ROWS - 1) * (i / 199) ** 2)]!)
}

function curvesOf(name: string, { probabilities }: Scores): RunCurves {
  const thresholds = [...new Set(places(probabilities))]
  const points = thresholds.map((threshold) => ({
    threshold,
    confusion: confusionAt(probabilities, threshold),
  }))
  const edges = Array.from({ length: 41 }, (_, i) => i / 40)
  const positives = new Array<number>(40).fill(0)
  const negatives = new Array<number>(40).fill(0)
  probabilities.forEach((probability, i) => {
    const counts = isPositive(i) ? positives : negatives
    counts[Math.min(39, Math.floor(probability * 40))]! += 1
  })
  return {
    name,
    precisionRecall: points.map(({ threshold, confusion: { tp, fp } }) => ({
      threshold,
      recall: tp / N_POSITIVES,
      precision: tp / (tp + fp),
    })),
    cost: points.map(({ threshold, confusion }) => ({
      threshold,
      costPer1000: costPer1000(confusion),
    })),
    histogram: { edges, positives, negatives },
  }
}

function verdict(
  configurations: readonly ConfigurationResult[],
): Pick<
  AnalysisResults,
  'champion' | 'comparison' | 'ledger' | 'operatingPoint' | 'repeated' | 'sentence'
> {
  const rows = configurations.flatMap(({ name, untreated, operatingPoints }) =>
    operatingPoints
      .filter(({ rule }) => untreated || rule === 'tuned')
      .map((point) => ({ name, untreated, point })),
  )
  const cheapest = <T extends { readonly point: OperatingPoint }>(all: readonly T[]) =>
    all.reduce((best, each) => (each.point.costPer1000 < best.point.costPer1000 ? each : best))
  const differenceInterval = (delta: number) => around(delta, 0.32 * Math.abs(delta) + 70)
  const tunedRows = rows.filter(({ point }) => point.rule === 'tuned')
  const reference = cheapest(tunedRows.filter(({ untreated }) => untreated))
  const champion = cheapest(tunedRows)
  const opponent =
    champion === reference ? cheapest(rows.filter(({ untreated }) => !untreated)) : reference
  const ledger = rows.map(({ name, untreated, point }): LedgerRow => {
    const isReference = name === reference.name && point.rule === 'tuned'
    const delta = point.costPer1000 - reference.point.costPer1000
    return {
      name,
      rule: point.rule,
      untreated,
      costPer1000: point.costPer1000,
      costPer1000Interval: point.costPer1000Interval,
      precision: point.precision,
      recall: point.recall,
      alertsPer1000: point.alertsPer1000,
      differenceToReference: isReference ? null : delta,
      differenceInterval: isReference ? null : differenceInterval(delta),
    }
  })
  const cost = champion.point.costPer1000
  const difference = differenceInterval(cost - opponent.point.costPer1000)
  const certain = difference.lower > 0 || difference.upper < 0
  const comparison: Comparison = {
    ledger,
    markers: [],
    reference: reference.name,
    recommended: { name: (certain ? champion : reference).name, rule: 'tuned' },
    champion: {
      name: champion.name,
      rule: 'tuned',
      costPer1000: cost,
      costPer1000BiasCorrected: 1.03 * cost,
      costPer1000BiasCorrectedInterval: around(1.03 * cost, 0.11 * cost),
      competitors: ledger.length,
    },
    difference: {
      opponent: opponent.name,
      opponentRule: 'tuned',
      costPer1000: cost - opponent.point.costPer1000,
      interval: difference,
      certain,
    },
  }
  const facts = {
    casesPerDay: CASES_PER_DAY,
    currency: null,
    costsAssumed: false,
    shortfall: null,
  }
  return {
    champion: champion.name,
    comparison,
    ledger,
    repeated: null,
    operatingPoint: configurations.find(({ name }) => name === comparison.recommended.name)!.solver,
    sentence: openingSentence(comparison, facts),
  }
}

interface Rates {
  readonly precision: number
  readonly recall: number
}

function largest(probabilities: readonly number[], value: (rates: Rates) => number): number {
  return Math.max(
    ...places(probabilities).map((threshold) => {
      const { tp, fp } = confusionAt(probabilities, threshold)
      return value({ precision: tp / (tp + fp), recall: tp / N_POSITIVES })
    }),
  )
}

function mean(values: readonly number[]): number {
  return values.reduce((sum, value) => sum + value, 0) / values.length
}

function averagePrecision(probabilities: readonly number[]): number {
  const order = [...probabilities.keys()].sort((a, b) => probabilities[b]! - probabilities[a]!)
  let tp = 0
  let sum = 0
  order.forEach((i, rank) => {
    if (!isPositive(i)) return
    tp += 1
    sum += tp / (rank + 1)
  })
  return sum / N_POSITIVES
}

function rocAuc(probabilities: readonly number[]): number {
  const order = [...probabilities.keys()].sort((a, b) => probabilities[a]! - probabilities[b]!)
  let negatives = 0
  let pairs = 0
  for (const i of order) {
    if (isPositive(i)) pairs += negatives
    else negatives += 1
  }
  return pairs / (N_POSITIVES * N_NEGATIVES)
}
