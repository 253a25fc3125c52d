import { describe, expect, it } from 'vitest'
import {
  compareRuns,
  type Competitor,
  pairedDifference,
} from '#shared/core/decision/compare-runs.ts'
import { judgeDecisions } from '#shared/core/decision/operating-point.ts'
import { noCheckpoint } from '#shared/core/math/checkpoint.ts'
import { createStream } from '#shared/core/math/random.ts'

const nSamples = 400
const yTrue = Uint8Array.from({ length: nSamples }, (_, i) => (i % 10 === 0 ? 1 : 0))
const costs = {
  truePositive: 1,
  falsePositive: 1,
  trueNegative: 0,
  falseNegative: 20,
  constant: true,
}
const setting = { yTrue, weights: null, groups: null, draws: 300, checkpoint: noCheckpoint }

/** A competitor that misses every `missEvery`-th positive and alerts on every `alarmEvery`-th negative. */
function competitor(
  name: string,
  { missEvery, alarmEvery }: { missEvery: number; alarmEvery: number },
  kind: Partial<Pick<Competitor, 'rule' | 'untreated' | 'eligible'>> = {},
): Competitor {
  const decisions = Uint8Array.from(yTrue, (y, i) =>
    y === 1 ? Number((i / 10) % missEvery !== 0) : Number(i % alarmEvery === 1),
  )
  const { costPerSample } = judgeDecisions({ yTrue, decisions, weights: null, costs })
  return { name, rule: 'tuned', untreated: false, decisions, costPerSample, ...kind }
}
const compare = (competitors: readonly Competitor[], seed = 1): ReturnType<typeof compareRuns> =>
  compareRuns({ ...setting, competitors, stream: createStream(seed, 'test') })

const untreated = { untreated: true } as const
const plain = competitor('plain', { missEvery: 4, alarmEvery: 20 }, untreated)
const half = competitor('plain', { missEvery: 2, alarmEvery: 50 }, { ...untreated, rule: 'half' })
const bayes = competitor('plain', { missEvery: 3, alarmEvery: 25 }, { ...untreated, rule: 'bayes' })
const better = competitor('smote', { missEvery: 40, alarmEvery: 20 })
const worse = competitor('under', { missEvery: 3, alarmEvery: 20 })

describe('compareRuns', () => {
  it('keeps one line per competitor in the order given, each against the reference', () => {
    const { ledger, reference } = compare([half, bayes, plain, better])
    expect(ledger.map(({ name, rule }) => `${name} ${rule}`)).toEqual([
      'plain half',
      'plain bayes',
      'plain tuned',
      'smote tuned',
    ])
    expect(reference).toBe('plain')
    // Plain: 30 of 40 positives found, 20 of 360 negatives alarmed: (30 + 20 + 10·20) / 400.
    expect(ledger[2]).toMatchObject({
      costPer1000: 625,
      recall: 0.75,
      precision: 0.6,
      alertsPer1000: 125,
      differenceToReference: null,
      differenceInterval: null,
    })
    expect(ledger[3]!.differenceToReference).toBeCloseTo(ledger[3]!.costPer1000 - 625, 9)
  })

  it('has a treated champion face the reference', () => {
    const { champion, difference } = compare([half, bayes, plain, better, worse])
    expect(champion).toMatchObject({ name: 'smote', rule: 'tuned', competitors: 5 })
    expect(difference).toMatchObject({ opponent: 'plain', opponentRule: 'tuned', certain: true })
    // Nine misses fewer, each 19 dearer than a hit.
    expect(difference!.costPer1000).toBeCloseTo((-9 * 19 * 1000) / 400, 9)
    expect(difference!.interval!.upper).toBeLessThan(0)
    expect(champion.costPer1000BiasCorrected).toBeCloseTo(champion.costPer1000, -2)
    expect(champion.costPer1000BiasCorrectedInterval!.lower).toBeLessThan(champion.costPer1000)
  })

  it('has an untreated champion with a tuned threshold face the cheapest treated run', () => {
    const other = competitor('worst', { missEvery: 2, alarmEvery: 10 })
    const { champion, difference, ledger } = compare([half, plain, other, worse])
    expect(champion).toMatchObject({ name: 'plain', rule: 'tuned' })
    expect(difference).toMatchObject({ opponent: 'under', opponentRule: 'tuned' })
    const row = ledger.find(({ name }) => name === 'under')!
    expect(difference!.costPer1000).toBe(-row.differenceToReference!)
    expect(difference!.interval!.lower).toBe(-row.differenceInterval!.upper)
    expect(difference!.interval!.upper).toBe(-row.differenceInterval!.lower)
  })

  it('has an untreated champion face the next cheapest where nothing was treated', () => {
    expect(compare([half, bayes, plain]).difference).toMatchObject({
      opponent: 'plain',
      opponentRule: 'bayes',
    })
    expect(compare([plain]).difference).toBeNull()
  })

  it('has an untreated champion at another threshold face the tuned one', () => {
    const lucky = competitor(
      'plain',
      { missEvery: 10, alarmEvery: 20 },
      { ...untreated, rule: 'bayes' },
    )
    const { champion, difference } = compare([half, lucky, plain, worse])
    expect(champion).toMatchObject({ name: 'plain', rule: 'bayes' })
    expect(difference).toMatchObject({ opponent: 'plain', opponentRule: 'tuned' })
  })

  it('recommends the champion only if it is cheaper for certain', () => {
    const barely = competitor('barely', { missEvery: 4, alarmEvery: 21 })
    const unclear = compare([half, plain, barely, worse])
    expect(unclear.champion.name).toBe('barely')
    expect(unclear.difference!.certain).toBe(false)
    expect(unclear.recommended).toEqual({ name: 'plain', rule: 'tuned' })

    expect(compare([half, plain, better]).recommended).toEqual({ name: 'smote', rule: 'tuned' })
    expect(compare([half, plain, worse]).recommended).toEqual({ name: 'plain', rule: 'tuned' })
    expect(compare([plain]).recommended).toEqual({ name: 'plain', rule: 'tuned' })
  })

  it('holds an untreated champion with a fixed threshold to the same', () => {
    const barely = { ...competitor('plain', { missEvery: 4, alarmEvery: 21 }, untreated) }
    const unclear = compare([{ ...barely, rule: 'bayes' }, plain])
    expect(unclear.champion).toMatchObject({ name: 'plain', rule: 'bayes' })
    expect(unclear.recommended).toEqual({ name: 'plain', rule: 'tuned' })

    const clear = { ...better, name: 'plain', rule: 'bayes', untreated: true } as const
    expect(compare([clear, plain]).recommended).toEqual({ name: 'plain', rule: 'bayes' })
  })

  it('recommends what keeps the constraints over a reference that does not', () => {
    const barely = competitor('barely', { missEvery: 4, alarmEvery: 21 })
    const { recommended, difference } = compare([{ ...plain, eligible: false }, barely])
    expect(difference!.certain).toBe(false)
    expect(recommended).toEqual({ name: 'barely', rule: 'tuned' })
  })

  it('prefers doing nothing among equally cheap competitors', () => {
    const twin = competitor('twin', { missEvery: 4, alarmEvery: 20 })
    const { champion, difference } = compare([twin, { ...plain, rule: 'half' }, plain])
    expect(champion).toMatchObject({ name: 'plain', rule: 'tuned' })
    expect(difference).toMatchObject({ opponent: 'twin', costPer1000: 0, certain: false })
  })

  it('keeps a rule that breaks a constraint in the ledger, but not as champion', () => {
    const cheap = competitor(
      'plain',
      { missEvery: 40, alarmEvery: 50 },
      { ...untreated, rule: 'half', eligible: false },
    )
    const { champion, ledger } = compare([cheap, plain, worse])
    expect(champion).toMatchObject({ name: 'plain', rule: 'tuned', competitors: 2 })
    expect(ledger[0]!.costPer1000).toBeLessThan(champion.costPer1000)
    const none = compare([cheap, { ...plain, eligible: false }])
    expect(none.champion).toMatchObject({ rule: 'half', competitors: 2 })
  })

  it('leaves the intervals of the others alone when one more competes', () => {
    const few = compare([plain, better])
    const more = compare([worse, plain, better])
    expect(more.ledger.slice(1)).toEqual(few.ledger)
  })

  it('weighs samples', () => {
    const weights = Float64Array.from(yTrue, (y) => (y === 1 ? 3 : 1))
    const { ledger } = compareRuns({
      ...setting,
      weights,
      competitors: [plain],
      stream: createStream(1, 'test'),
    })
    // (3·30·1 + 20·1 + 3·10·20) / (3·40 + 360)
    expect(ledger[0]!.costPer1000).toBeCloseTo((710 / 480) * 1000, 9)
    expect(ledger[0]!.precision).toBeCloseTo(90 / 110, 12)
  })

  it('refuses to compare without anything untreated', () => {
    expect(() => compare([better, half])).toThrow(/untreated run with a tuned threshold/)
  })
})

describe('pairedDifference', () => {
  const plainly = { weights: null, groups: null }

  it('covers the true difference in about 95 % of data sets', () => {
    let covered = 0
    const repeats = 300
    for (let repeat = 0; repeat < repeats; repeat++) {
      const stream = createStream(11, 'coverage', repeat)
      const size = 200
      // Two runs that share most decisions; a costs 0.5 · 0.1 − 0.2 · 0.1 = 0.03 more on average.
      const hard = Float64Array.from({ length: size }, () => stream.uniform())
      const base = hard.map((value) => (value < 0.3 ? 4 : 0))
      const a = base.map((cost, i) => cost + (hard[i]! < 0.1 ? 0.5 : 0))
      const b = base.map((cost, i) => cost + (hard[i]! > 0.9 ? 0.2 : 0))
      const { interval } = pairedDifference(a, b, plainly)
      if (interval!.lower <= 30 && 30 <= interval!.upper) covered++
    }
    // 95 % of 300 with a standard deviation of 3.8.
    expect(covered).toBeGreaterThanOrEqual(272)
    expect(covered).toBeLessThanOrEqual(296)
  })

  it('is narrower than the difference of two intervals, for it is paired', () => {
    const other = competitor('other', { missEvery: 4, alarmEvery: 18 })
    const { interval } = pairedDifference(other.costPerSample, plain.costPerSample, plainly)
    const [one, two] = compare([plain, other]).ledger.map((row) => row.costPer1000Interval!)
    const unpaired = Math.hypot(one!.upper - one!.lower, two!.upper - two!.lower)
    expect(interval!.upper - interval!.lower).toBeLessThan(0.2 * unpaired)
  })

  it('widens when the samples come in groups that stay together', () => {
    const groups = Int32Array.from(yTrue, (_, i) => Math.floor(i / 100))
    const width = (together: Int32Array | null): number => {
      const { interval } = pairedDifference(
        Float64Array.from(yTrue, (_, i) => (i < 100 ? 1 : 0)),
        new Float64Array(nSamples),
        { weights: null, groups: together },
      )
      return interval!.upper - interval!.lower
    }
    expect(width(groups)).toBeGreaterThan(3 * width(null))
  })

  it('is a point at 0 between a run and itself, and refuses other samples', () => {
    expect(pairedDifference(plain.costPerSample, plain.costPerSample, plainly)).toMatchObject({
      costPer1000: 0,
      interval: { lower: 0, upper: 0 },
    })
    expect(() => pairedDifference(plain.costPerSample, new Float64Array(3), plainly)).toThrow(
      /same samples/,
    )
  })
})
