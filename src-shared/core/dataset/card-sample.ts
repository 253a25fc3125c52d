/**
 * A made-up table of card transactions, to try the workbench on: rare fraud, money at stake, a time
 * line, categories, missing values, and labels of which some are wrong.
 *
 * Time. Purchases of 90 days follow a daily and a weekly rhythm: hours and days of the week have
 * weights, each transaction draws its hour from them, and all are put in order.
 *
 * Legitimate transactions draw a kind of merchant, from it the way of payment and the amount
 * (log-normal), and then the rest. A few are unusual on purpose (holidays abroad, a new phone, a
 * row of small purchases in an app): without them any model would be right.
 *
 * Frauds come in episodes of four mechanisms, each a few transactions in a row:
 * - stolen card: a card is carried from shop to shop far from its owner's home, for goods that sell
 *   again;
 * - account takeover: one or two large purchases online from an unknown device;
 * - card testing: many tiny online payments within minutes, to see which stolen numbers work;
 * - merchant abuse: a merchant charges a known customer too much. It looks like any purchase.
 * A fraudster blends in: each trait is the mechanism's own only with a certain probability, and
 * otherwise drawn as for a legitimate transaction. The probabilities are set so that good models
 * reach an average precision of about 0.5 on the true labels.
 *
 * Exactly `round(0.005 · nRows)` transactions are frauds, and exactly `round(0.2 · frauds)` of
 * these, drawn at random, carry the label of a legitimate one: nobody complained. No legitimate
 * transaction is labelled fraud.
 */
import { exp } from '../math/elementary.ts'
import { normalQuantile } from '../math/normal.ts'
import type { RandomStream } from '../math/random.ts'
import { createStream, sampleWithoutReplacement } from '../math/random.ts'

export type FraudMechanism = 'stolen_card' | 'account_takeover' | 'card_testing' | 'merchant_abuse'

export interface CardTransaction {
  readonly id: string
  /** ISO 8601 local time, to the second. */
  readonly time: string
  /** In cents, at least 1. */
  readonly amountCents: number
  readonly merchantCategory: string
  readonly country: string
  readonly entryMode: string
  readonly cardAgeDays: number
  /** Earlier transactions of the card within an hour. */
  readonly transactionsLastHour: number
  /** To one decimal; null where the terminal did not say where it stands. */
  readonly distanceFromHomeKm: number | null
  readonly deviceKnown: 'yes' | 'no' | 'not_applicable'
  /** The given label: 1 when the transaction was reported as fraud. */
  readonly isFraud: 0 | 1
  /** The truth: null for a legitimate transaction. */
  readonly mechanism: FraudMechanism | null
}

const fraudFraction = 0.005
const mislabelledFraction = 0.2
const nDays = 90
const firstWeekday = 5 // 2025-03-01 is a Saturday; Monday is 0
const hourWeights = [
  2, 1, 1, 1, 1, 2, 5, 10, 16, 20, 22, 25, 30, 27, 23, 23, 26, 32, 34, 28, 20, 14, 9, 5,
]
const weekdayWeights = [0.95, 0.92, 0.95, 1, 1.15, 1.25, 0.78]

interface Category {
  readonly name: string
  readonly weight: number
  /** Fraction of purchases that are made online. */
  readonly online: number
  /** Mean and standard deviation of the logarithm of the amount in euros. */
  readonly logMean: number
  readonly logSpread: number
}

const categories: readonly Category[] = [
  { name: 'grocery', weight: 26, online: 0.04, logMean: 3.3, logSpread: 0.7 },
  { name: 'restaurant', weight: 17, online: 0.08, logMean: 3.2, logSpread: 0.6 },
  { name: 'online_retail', weight: 16, online: 1, logMean: 3.6, logSpread: 0.9 },
  { name: 'fuel', weight: 9, online: 0, logMean: 3.9, logSpread: 0.35 },
  { name: 'clothing', weight: 8, online: 0.45, logMean: 3.9, logSpread: 0.7 },
  { name: 'digital_goods', weight: 8, online: 1, logMean: 2.2, logSpread: 0.8 },
  { name: 'pharmacy', weight: 5, online: 0.15, logMean: 2.9, logSpread: 0.6 },
  { name: 'electronics', weight: 4, online: 0.6, logMean: 4.9, logSpread: 1 },
  { name: 'travel', weight: 4, online: 0.85, logMean: 5.2, logSpread: 0.9 },
  { name: 'cash', weight: 2, online: 0, logMean: 4.6, logSpread: 0.6 },
  { name: 'jewellery', weight: 1, online: 0.3, logMean: 5.1, logSpread: 1 },
]
const categoryWeights = categories.map(({ weight }) => weight)

const homeCountry = 'DE'
const foreignCountries = ['FR', 'NL', 'AT', 'GB', 'PL', 'ES', 'US', 'TR', 'CN', 'BR']
/** Where legitimate customers go and buy, and where stolen cards are used. */
const foreignWeights = [18, 16, 18, 12, 9, 12, 9, 4, 1.5, 0.5]
const fraudCountryWeights = [8, 6, 5, 16, 10, 6, 22, 12, 8, 7]

interface Mechanism {
  readonly name: FraudMechanism
  /** Share of episodes. */
  readonly weight: number
  /** Least and greatest number of transactions in an episode. */
  readonly length: readonly [number, number]
  /** Probability that a trait is the mechanism's own. */
  readonly overt: number
  readonly categories: readonly string[]
  readonly online: boolean
  /** Probability of a merchant abroad. */
  readonly abroad: number
  readonly logMean: number
  readonly logSpread: number
}

const mechanisms: readonly Mechanism[] = [
  {
    name: 'stolen_card',
    weight: 4,
    length: [2, 5],
    overt: 0.93,
    categories: ['electronics', 'jewellery', 'clothing', 'cash', 'fuel'],
    online: false,
    abroad: 0.65,
    logMean: 5.6,
    logSpread: 0.7,
  },
  {
    name: 'account_takeover',
    weight: 7,
    length: [1, 2],
    overt: 0.92,
    categories: ['electronics', 'online_retail', 'travel', 'digital_goods'],
    online: true,
    abroad: 0.5,
    logMean: 6.1,
    logSpread: 0.7,
  },
  {
    name: 'card_testing',
    weight: 1.5,
    length: [3, 7],
    overt: 0.92,
    categories: ['digital_goods', 'online_retail'],
    online: true,
    abroad: 0.7,
    logMean: 0.6,
    logSpread: 0.6,
  },
  {
    name: 'merchant_abuse',
    weight: 5,
    length: [1, 1],
    overt: 0.7,
    categories: ['restaurant', 'travel', 'online_retail', 'clothing'],
    online: false,
    abroad: 0.15,
    logMean: 4.9,
    logSpread: 0.6,
  },
]
const mechanismWeights = mechanisms.map(({ weight }) => weight)

/** The column names of the table, in the order of `CardTransaction`. */
export const cardSampleHeader: readonly string[] = [
  'transaction_id',
  'time',
  'amount',
  'merchant_category',
  'country',
  'entry_mode',
  'card_age_days',
  'transactions_last_hour',
  'distance_from_home_km',
  'device_known',
  'is_fraud',
]

/**
 * The transactions in the order of time, one by one.
 *
 * @param nRows  In [1, 10^8].
 * @param seed   Non-negative integer; the same seed and nRows give the same transactions.
 * @throws RangeError when nRows or seed is out of range.
 *
 * Memory: 14 bytes a row for times and frauds, which have to be known beforehand.
 */
export function* generateCardTransactions(
  nRows: number,
  seed: number,
): Generator<CardTransaction, void, undefined> {
  if (!Number.isInteger(nRows) || nRows < 1 || nRows > 100_000_000) {
    throw new RangeError(`nRows must be an integer in [1, 100000000], got ${nRows}`)
  }
  const times = drawTimes(nRows, createStream(seed, 'card-sample', 'times'))
  const { mechanismOf, positionOf, frauds } = placeFrauds(
    nRows,
    createStream(seed, 'card-sample', 'frauds'),
  )
  const mislabelled = new Set(
    sampleWithoutReplacement(
      frauds,
      Math.round(mislabelledFraction * frauds.length),
      createStream(seed, 'card-sample', 'labels'),
    ),
  )
  const stream = createStream(seed, 'card-sample', 'traits')
  const idLength = Math.max(7, String(nRows).length)

  for (let row = 0; row < nRows; row++) {
    const number = mechanismOf[row]!
    const mechanism = number === 0 ? null : mechanisms[number - 1]!
    yield {
      id: `T${String(row + 1).padStart(idLength, '0')}`,
      time: isoTime(times[row]!),
      ...drawTraits(mechanism, positionOf[row]!, stream),
      isFraud: mechanism !== null && !mislabelled.has(row) ? 1 : 0,
      mechanism: mechanism?.name ?? null,
    }
  }
}

/** Seconds since the start of the first day, increasing. */
function drawTimes(nRows: number, stream: RandomStream): Float64Array {
  const weights: number[] = []
  for (let day = 0; day < nDays; day++) {
    const ofDay = weekdayWeights[(firstWeekday + day) % 7]!
    for (const ofHour of hourWeights) weights.push(ofDay * ofHour)
  }
  const draw = weightedChoice(weights)
  const times = new Float64Array(nRows)
  for (let row = 0; row < nRows; row++) times[row] = draw(stream) * 3600 + stream.below(3600)
  return times.sort()
}

/**
 * Lays out the episodes of fraud over the rows.
 *
 * @returns `mechanismOf`: per row 0, or the mechanism's position plus one. `positionOf`: how many
 *   transactions of the episode came before. `frauds`: the rows that are frauds, increasing.
 */
function placeFrauds(
  nRows: number,
  stream: RandomStream,
): { mechanismOf: Uint8Array; positionOf: Uint8Array; frauds: Int32Array } {
  const mechanismOf = new Uint8Array(nRows)
  const positionOf = new Uint8Array(nRows)
  const drawMechanism = weightedChoice(mechanismWeights)
  let left = Math.round(fraudFraction * nRows)
  while (left > 0) {
    const number = drawMechanism(stream)
    const [shortest, longest] = mechanisms[number]!.length
    const length = Math.min(left, shortest + stream.below(longest - shortest + 1))
    let row = stream.below(nRows)
    for (let position = 0; position < length; position++) {
      while (mechanismOf[row] !== 0) row = (row + 1) % nRows
      mechanismOf[row] = number + 1
      positionOf[row] = position
    }
    left -= length
  }
  const frauds: number[] = []
  mechanismOf.forEach((number, row) => {
    if (number !== 0) frauds.push(row)
  })
  return { mechanismOf, positionOf, frauds: Int32Array.from(frauds) }
}

type Traits = Omit<CardTransaction, 'id' | 'time' | 'isFraud' | 'mechanism'>

const drawCategory = weightedChoice(categoryWeights)
const drawForeign = weightedChoice(foreignWeights)
const drawFraudCountry = weightedChoice(fraudCountryWeights)

function drawTraits(mechanism: Mechanism | null, position: number, stream: RandomStream): Traits {
  /** The mechanism where it shows itself in the trait at hand, else null. */
  const shown = (): Mechanism | null =>
    mechanism !== null && stream.uniform() < mechanism.overt ? mechanism : null

  const inCategory = shown()
  const named = inCategory === null ? null : pick(inCategory.categories, stream)
  const category =
    named === null
      ? categories[drawCategory(stream)]!
      : categories.find(({ name }) => name === named)!

  const inMode = mechanism?.name === 'merchant_abuse' ? null : shown()
  const online =
    inMode === null ? stream.uniform() < category.online : inMode.online || category.online === 1
  const entryMode = online ? 'online' : drawEntryMode(inMode !== null, stream)

  // Legitimate customers are abroad on holidays, and buy from foreign shops online.
  const inCountry = shown()
  const abroad = stream.uniform() < (inCountry?.abroad ?? (online ? 0.16 : 0.05))
  const country = !abroad
    ? homeCountry
    : foreignCountries[(inCountry === null ? drawForeign : drawFraudCountry)(stream)]!

  const inAmount = shown()
  const { logMean, logSpread } = inAmount ?? category
  const euros = exp(logMean + logSpread * drawNormal(stream))

  const inPace = shown()
  const burst = stream.uniform() < 0.003 ? 2 + stream.below(6) : 0
  const pace = burst + countWhile(0.17, stream) + (inPace === null ? 0 : position)

  return {
    amountCents: Math.max(1, Math.round(100 * euros)),
    merchantCategory: category.name,
    country,
    entryMode,
    cardAgeDays: Math.floor(3600 * stream.uniform() * Math.sqrt(stream.uniform())),
    transactionsLastHour: pace,
    distanceFromHomeKm: drawDistance(online, abroad, shown(), stream),
    deviceKnown: online ? drawDevice(shown(), stream) : 'not_applicable',
  }
}

function drawEntryMode(isFraud: boolean, stream: RandomStream): string {
  const u = stream.uniform()
  // A stolen card without its number code pays by touch or by stripe.
  if (isFraud) return u < 0.4 ? 'contactless' : u < 0.9 ? 'magstripe' : 'chip'
  return u < 0.58 ? 'contactless' : u < 0.98 ? 'chip' : 'magstripe'
}

/** Kilometres to one decimal; online, the place that the network address suggests. */
function drawDistance(
  online: boolean,
  abroad: boolean,
  mechanism: Mechanism | null,
  stream: RandomStream,
): number | null {
  const missing = stream.uniform() < (online ? 0.22 : 0.03)
  const isFar = abroad ? !online || stream.uniform() < 0.25 : stream.uniform() < 0.06
  const isOut = mechanism !== null && mechanism.name !== 'merchant_abuse'
  const logMean = isFar ? 6.3 : isOut ? 4.6 : online ? 2.4 : 1.7
  const kilometres = exp(logMean + (isFar ? 0.9 : 1.1) * drawNormal(stream))
  return missing ? null : Math.round(10 * Math.min(kilometres, 19_000)) / 10
}

function drawDevice(mechanism: Mechanism | null, stream: RandomStream): 'yes' | 'no' {
  const isUnknown = mechanism !== null && mechanism.name !== 'merchant_abuse'
  return stream.uniform() < (isUnknown ? 0.92 : 0.06) ? 'no' : 'yes'
}

/** Standard normal, by inversion; the argument never reaches 0 or 1. */
function drawNormal(stream: RandomStream): number {
  return normalQuantile((stream.uint32() + 0.5) / 4294967296)
}

/** How often in a row an event of the given probability happens; at most 9. */
function countWhile(probability: number, stream: RandomStream): number {
  let count = 0
  while (count < 9 && stream.uniform() < probability) count++
  return count
}

function pick(items: readonly string[], stream: RandomStream): string {
  return items[stream.below(items.length)]!
}

/** Draws a position with probability in proportion to its weight. */
function weightedChoice(weights: readonly number[]): (stream: RandomStream) => number {
  const sums: number[] = []
  let sum = 0
  for (const weight of weights) sums.push((sum += weight))
  return (stream) => {
    const target = stream.uniform() * sum
    let low = 0
    let high = sums.length - 1
    while (low < high) {
      const middle = (low + high) >> 1
      if (sums[middle]! > target) high = middle
      else low = middle + 1
    }
    return low
  }
}

/** `2025-03-01T00:00:00` plus so many seconds; the 90 days end in May. */
function isoTime(seconds: number): string {
  let day = Math.floor(seconds / 86_400)
  let month = 3
  for (const length of [31, 30]) {
    if (day < length) break
    day -= length
    month++
  }
  const ofDay = seconds % 86_400
  const two = (value: number): string => String(value).padStart(2, '0')
  const clock = [Math.floor(ofDay / 3600), Math.floor(ofDay / 60) % 60, ofDay % 60]
  return `2025-${two(month)}-${two(day + 1)}T${clock.map(two).join(':')}`
}
