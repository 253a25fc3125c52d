/**
 * Whether 95 % intervals hold the truth in 95 % of samples, where positives are few: by simulation
 * in a world whose truth is known.
 *
 *     node test/simulations/coverage.ts [--expected 20,50,200] [--samples 2000] [--json OUT]
 *
 * Per interval: how often it holds the truth over all samples that have one, how often where no
 * warning is shown beside it, on which side it misses, and how often there is none.
 */
import { writeFileSync } from 'node:fs'
import { parseArgs } from 'node:util'
import { recalibrationIntervals } from '#shared/core/calibration/line-interval.ts'
import { calibrationStage } from '#shared/core/calibration/receipt.ts'
import { savingsOfDecisions } from '#shared/core/decision/savings.ts'
import { noCheckpoint } from '#shared/core/math/checkpoint.ts'
import { createStream } from '#shared/core/math/random.ts'
import {
  atShareIntervals,
  measureAtShare,
  rankSamples,
  takenAtShare,
} from '#shared/core/metrics/at-share.ts'
import { calibrationBins, expectedCalibrationError } from '#shared/core/metrics/calibration-bins.ts'
import { bootstrapRanking } from '#shared/core/metrics/bootstrap.ts'
import { confusionAt } from '#shared/core/metrics/confusion.ts'
import { DECISION_METRICS, type DecisionMetricName } from '#shared/core/metrics/decision-metrics.ts'
import type { Interval } from '#shared/core/metrics/interval.ts'
import { meanInterval, ratioInterval } from '#shared/core/metrics/mean-interval.ts'
import {
  calibrationErrorInterval,
  probabilityIntervals,
} from '#shared/core/metrics/probability-intervals.ts'
import {
  countsAtThresholds,
  precisionAtRecall,
  recallAtPrecision,
} from '#shared/core/metrics/ranking.ts'
import { measureRun, type RunMetrics } from '#shared/core/metrics/run-metrics.ts'
import { wilsonInterval } from '#shared/core/metrics/wilson.ts'
import { decisionCurveBands } from '#shared/core/decision/decision-curve-bands.ts'
import { decisionIntervals } from '#shared/core/statistics/decision-intervals.ts'
import {
  aucInterval,
  aucScoreInterval,
  delongCovariance,
  pairedAucTest,
} from '#shared/core/statistics/delong.ts'
import { intervalWarning } from '#shared/core/statistics/evidence-meter.ts'
import { clopperPearsonInterval } from '#shared/core/statistics/proportion-interval.ts'
import { draw, FLAW, population, type Population, type World } from './world.ts'

const WORLD: World = { prevalence: 0.01, distanceA: 2.2, distanceB: 1.8, correlation: 0.6 }
const THRESHOLD = 0.05
const COSTS = { fn: 40, fp: 1 }
const COST_MATRIX = {
  truePositive: 0,
  falsePositive: COSTS.fp,
  trueNegative: 0,
  falseNegative: COSTS.fn,
}
const TOP_SHARES = [0.01, 0.05]
const NET_BENEFIT_AT = 0.04
const LEVEL = 0.95

const { values: options } = parseArgs({
  options: {
    expected: { type: 'string', default: '20,50,200' },
    samples: { type: 'string', default: '2000' },
    draws: { type: 'string', default: '1000' },
    json: { type: 'string' },
  },
})
const nSimulated = Number(options.samples)
const nDraws = Number(options.draws)

interface Tally {
  truth: number
  defined: number
  covered: number
  tooLow: number
  tooHigh: number
  unwarned: number
  unwarnedCovered: number
}

type Outcomes = { readonly successes: number; readonly failures: number } | null

const results = options.expected.split(',').map((text) => simulate(Number(text)))
for (const { expected, rows } of results) {
  console.log(`\n${expected} expected positives, ${nSimulated} samples of ${expected * 100} cases`)
  console.log(`${'interval'.padEnd(44)}    truth    all   without warning   below  above   none`)
  for (const row of rows) {
    const unwarned =
      row.unwarned === 0
        ? '     –        '
        : `${percent(row.unwarnedCovered, row.unwarned)} of ${percent(row.unwarned, nSimulated)}`
    console.log(
      `${row.name.padEnd(44)} ${row.truth.toPrecision(4).padStart(8)} ${percent(row.covered, row.defined)}   ${unwarned}  ${percent(row.tooLow, row.defined)} ${percent(row.tooHigh, row.defined)} ${percent(nSimulated - row.defined, nSimulated)}`,
    )
  }
}
if (options.json !== undefined) writeFileSync(options.json, JSON.stringify(results, null, 1))

function percent(part: number, whole: number): string {
  return whole === 0 ? '     –' : `${((100 * part) / whole).toFixed(1).padStart(5)}%`
}

function simulate(expected: number): {
  expected: number
  rows: readonly (Tally & { name: string })[]
} {
  const n = Math.round(expected / WORLD.prevalence)
  const a = population(WORLD.prevalence, WORLD.distanceA)
  const b = population(WORLD.prevalence, WORLD.distanceB)
  const truthA = truthOf(a)
  const truthB = truthOf(b)
  const tallies = new Map<string, Tally>()

  for (let k = 0; k < nSimulated; k++) {
    const { yTrue, a: scores, b: others } = draw(WORLD, n, createStream(k, 'world', expected))
    const positives = yTrue.reduce((sum, y) => sum + y, 0)
    const confusion = confusionAt(yTrue, scores, null, THRESHOLD)
    const { tp, fp, fn, tn } = confusion
    const decided = { successes: tp, failures: fn }
    const note = (name: string, truth: number, interval: Interval | null, of: Outcomes): void => {
      let tally = tallies.get(name)
      if (tally === undefined) {
        tally = {
          ...{ truth, defined: 0, covered: 0, tooLow: 0, tooHigh: 0 },
          ...{ unwarned: 0, unwarnedCovered: 0 },
        }
        tallies.set(name, tally)
      }
      if (interval === null) return
      const covers = interval.lower <= truth && truth <= interval.upper
      tally.defined++
      if (covers) tally.covered++
      else if (interval.upper < truth) tally.tooLow++
      else tally.tooHigh++
      if (intervalWarning(positives, of) !== null) return
      tally.unwarned++
      if (covers) tally.unwarnedCovered++
    }
    const common = { draws: nDraws, level: LEVEL, checkpoint: noCheckpoint }
    const streamOf = (name: string) => createStream(k, name, expected)

    const ofDecisions = decisionIntervals({
      yTrue,
      decisions: Uint8Array.from(scores, (p) => (p >= THRESHOLD ? 1 : 0)),
      ...{ weights: null, groups: null },
      ...common,
      stream: streamOf('decisions'),
    })
    const outcomesOf: Partial<Record<DecisionMetricName, Outcomes>> = {
      precision: { successes: tp, failures: fp },
      recall: decided,
      specificity: { successes: tn, failures: fp },
      negativePredictiveValue: { successes: tn, failures: fn },
      accuracy: { successes: tp + tn, failures: fp + fn },
    }
    for (const name of Object.keys(DECISION_METRICS) as DecisionMetricName[]) {
      const interval = ofDecisions[name]
      const method = outcomesOf[name] === undefined ? 'BCa' : 'Wilson'
      note(`${name} (${method})`, truthA.decisions[name], interval, outcomesOf[name] ?? decided)
    }
    const exact = (name: 'recall' | 'precision', count: number, trials: number): void => {
      const interval = clopperPearsonInterval(count, trials, LEVEL)
      note(`${name} (Clopper-Pearson)`, truthA.decisions[name], interval, outcomesOf[name]!)
    }
    exact('recall', tp, positives)
    exact('precision', tp, tp + fp)
    note('alert share (Wilson)', truthA.alertShare, wilsonInterval(tp + fp, n, LEVEL), {
      successes: tp + fp,
      failures: n - tp - fp,
    })

    const delong = delongCovariance(yTrue, [scores, others])
    if (!('reason' in delong)) {
      const error = delong.covariance === null ? 0 : Math.sqrt(delong.covariance[0]![0]!)
      for (const scale of ['logit', 'wald'] as const) {
        const interval = aucInterval(delong.auc[0]!, error, LEVEL, scale)
        note(`ROC AUC (DeLong, ${scale})`, truthA.run.rocAuc!, interval, null)
      }
      note(
        'ROC AUC (DeLong, score)',
        truthA.run.rocAuc!,
        aucScoreInterval(delong.auc[0]!, error, positives, n - positives, LEVEL),
        null,
      )
      const paired = pairedAucTest(delong, 0, 1, LEVEL)
      const truth = truthA.run.rocAuc! - truthB.run.rocAuc!
      note('ROC AUC difference (DeLong)', truth, paired?.interval ?? null, null)
    }

    // Positives above and below the threshold that such a measure picks.
    const counts = countsAtThresholds(yTrue, scores, null)
    const at = (recall: number | null): Outcomes => ({
      successes: Math.round((recall ?? 0) * positives),
      failures: positives - Math.round((recall ?? 0) * positives),
    })
    const caught: Partial<Record<keyof RunMetrics, Outcomes>> = {
      recallAtPrecision50: at(recallAtPrecision(counts, 0.5).recall),
      recallAtPrecision90: at(recallAtPrecision(counts, 0.9).recall),
      precisionAtRecall50: at(precisionAtRecall(counts, 0.5).attainedRecall),
      precisionAtRecall90: at(precisionAtRecall(counts, 0.9).attainedRecall),
    }
    const samples = { yTrue, weights: null, groups: null }
    const ofRanking = bootstrapRanking({
      ...samples,
      ...common,
      scores,
      stream: streamOf('run'),
    })
    for (const name of Object.keys(ofRanking) as (keyof typeof ofRanking)[]) {
      note(`${name} (bootstrap)`, truthA.run[name]!, ofRanking[name], caught[name] ?? null)
    }
    const ofProbabilities = probabilityIntervals({ ...samples, probabilities: scores }, LEVEL)
    for (const name of Object.keys(ofProbabilities) as (keyof typeof ofProbabilities)[]) {
      note(name, truthA.run[name]!, ofProbabilities[name], null)
    }

    const stage = calibrationStage('raw', yTrue, scores, null)
    if (stage.intercept !== null && stage.slope !== null) {
      const { intercept, slope } = stage
      const line = recalibrationIntervals(
        { ...samples, probabilities: scores },
        { intercept, slope },
        LEVEL,
      )
      note('calibration intercept', -FLAW.raised / FLAW.flattened, line?.intercept ?? null, null)
      note('calibration slope', 1 / FLAW.flattened, line?.slope ?? null, null)
    }
    note(
      'observed ÷ expected',
      truthA.observedToExpected,
      ratioInterval(Float64Array.from(yTrue), scores, null, null, LEVEL),
      null,
    )
    note(
      'calibration error, bins of equal width',
      truthA.eceWidth10,
      calibrationErrorInterval({ ...samples, probabilities: scores }, 'width', LEVEL),
      null,
    )
    const ranked = rankSamples(scores, null)
    for (const [i, share] of TOP_SHARES.entries()) {
      const taken = takenAtShare(ranked, share)
      const top = atShareIntervals(yTrue, ranked, null, share, LEVEL)
      const truths = Float64Array.from(yTrue)
      const found = taken.reduce((sum, part, at) => sum + part * truths[at]!, 0)
      const all = taken.reduce((sum, part) => sum + part, 0)
      note(`precision in the top ${share}`, truthA.top[i]!.precision, top.precision, {
        successes: Math.round(found),
        failures: Math.round(all - found),
      })
      note(`recall in the top ${share}`, truthA.top[i]!.recall, top.recall, {
        successes: Math.round(found),
        failures: Math.round(positives - found),
      })
    }
    const saved = savingsOfDecisions(
      {
        ...samples,
        decisions: Uint8Array.from(scores, (p) => (p >= THRESHOLD ? 1 : 0)),
        costs: { ...COST_MATRIX, constant: true },
      },
      LEVEL,
    )
    note('savings', truthA.savings, saved.interval, decided)

    const cost = Float64Array.from(yTrue, (y, i) => costOf(y, scores[i]!))
    const costB = Float64Array.from(yTrue, (y, i) => costOf(y, others[i]!))
    note('cost per case', truthA.cost, meanInterval(cost, null, null, LEVEL), decided)
    const differences = cost.map((value, i) => value - costB[i]!)
    const discordant = differences.filter((value) => Math.abs(value) > 2).length
    note(
      'paired cost difference',
      truthA.cost - truthB.cost,
      meanInterval(differences, null, null, LEVEL),
      { successes: discordant, failures: n - discordant },
    )
    const [band] = decisionCurveBands({
      ...{ yTrue, probabilities: scores, weights: null, groups: null },
      ...{ thresholds: [NET_BENEFIT_AT], level: LEVEL },
    })
    note(`net benefit at ${NET_BENEFIT_AT}`, truthA.netBenefit, band!.netBenefit, decided)
  }
  return {
    expected,
    rows: [...tallies].map(([name, tally]) => ({ name, ...tally })),
  }
}

function costOf(y: number, probability: number): number {
  if (probability >= THRESHOLD) return y === 1 ? 0 : COSTS.fp
  return y === 1 ? COSTS.fn : 0
}

/** All that is simulated, as it is in the population: levels are samples weighed by their shares. */
function truthOf({ positive, negative, probability }: Population): {
  readonly run: RunMetrics
  readonly decisions: Readonly<Record<DecisionMetricName, number>>
  readonly alertShare: number
  readonly cost: number
  readonly netBenefit: number
  readonly observedToExpected: number
  readonly eceWidth10: number
  readonly top: readonly { readonly precision: number; readonly recall: number }[]
  readonly savings: number
} {
  const yTrue = new Uint8Array(2 * positive.length).fill(1, 0, positive.length)
  const probabilities = Float64Array.from([...probability, ...probability])
  const weights = Float64Array.from([...positive, ...negative])
  const confusion = confusionAt(yTrue, probabilities, weights, THRESHOLD)
  const atBenefit = confusionAt(yTrue, probabilities, weights, NET_BENEFIT_AT)
  const { metrics } = measureRun(yTrue, probabilities, weights)
  return {
    run: { ...metrics, eceEqualCount10: populationEce({ positive, negative, probability }) },
    decisions: Object.fromEntries(
      Object.entries(DECISION_METRICS).map(([name, metric]) => [name, metric.of(confusion)!]),
    ) as Record<DecisionMetricName, number>,
    alertShare: confusion.tp + confusion.fp,
    cost: confusion.fn * COSTS.fn + confusion.fp * COSTS.fp,
    netBenefit: atBenefit.tp - (atBenefit.fp * NET_BENEFIT_AT) / (1 - NET_BENEFIT_AT),
    observedToExpected:
      WORLD.prevalence / weights.reduce((sum, weight, i) => sum + weight * probabilities[i]!, 0),
    eceWidth10: expectedCalibrationError(
      calibrationBins(yTrue, probabilities, weights, 'width', 10),
    ).value!,
    top: TOP_SHARES.map((share) => {
      const { precision, recall } = measureAtShare(
        countsAtThresholds(yTrue, probabilities, weights),
        share,
      )
      return { precision: precision.value!, recall: recall.value! }
    }),
    savings:
      1 -
      (confusion.fn * COSTS.fn + confusion.fp * COSTS.fp) /
        Math.min(WORLD.prevalence * COSTS.fn, (1 - WORLD.prevalence) * COSTS.fp),
  }
}

/** The calibration error over ten bins that hold a tenth of the population each. */
function populationEce({ positive, negative, probability }: Population): number {
  let error = 0
  let gap = 0
  let room = 0.1
  for (let level = 0; level < positive.length; level++) {
    let left = positive[level]! + negative[level]!
    const share = left > 0 ? positive[level]! / left : 0
    while (left > 0) {
      const part = Math.min(left, room)
      gap += part * (probability[level]! - share)
      left -= part
      room -= part
      if (room > 1e-12) continue
      error += Math.abs(gap)
      gap = 0
      room = 0.1
    }
  }
  return error + Math.abs(gap)
}
