/** What doubts about costs and prevalence come to, in words: the same on page, terminal and report. */
import { formatMoneyTogether, formatNumber } from '../format.ts'
import type { Doubt, UncertainInput } from './tornado.ts'
import type { CostUncertainty, NetBenefitCurve, RatioStretch, Stretch } from './uncertainty.ts'

/** One sentence on each question that has an answer, else why it has none. */
export function uncertaintySentences(
  uncertainty: Omit<CostUncertainty, 'sentences'>,
  currency: string | null,
): string[] {
  const { bestByRatio, bestByRatioReason, ratio, decisionCurves } = uncertainty
  return [
    tornadoSentence(uncertainty, currency),
    bestByRatio === null
      ? `Which run is best at which FN:FP is not told: ${bestByRatioReason!}.`
      : ratioSentence(bestByRatio, ratio),
    ...(decisionCurves === null ? [] : [benefitSentence(decisionCurves[0]!)]),
  ]
}

const INPUTS: Readonly<Record<UncertainInput, string>> = {
  falseNegative: 'the cost of a miss',
  falsePositive: 'the cost of a false alarm',
  truePositive: 'the cost of a catch',
  trueNegative: 'the cost of a right pass',
  prevalence: 'prevalence',
}

const DOUBT_OF: Readonly<Partial<Record<UncertainInput, keyof Doubt>>> = {
  falseNegative: 'misses',
  falsePositive: 'alarms',
  prevalence: 'prevalence',
}

function tornadoSentence(
  { tornado, tornadoReason, doubt }: Omit<CostUncertainty, 'sentences'>,
  currency: string | null,
): string {
  if (tornado === null) return `Which doubt matters most is not told: ${tornadoReason!}.`
  const [first, ...others] = tornado.bars
  if (first === undefined) return 'Nothing is in doubt.'
  const texts = [first, ...others].map(({ input, atLowPer1000, atHighPer1000 }, i) => {
    const [low, high, likely] = formatMoneyTogether(
      [
        Math.min(atLowPer1000, atHighPer1000),
        Math.max(atLowPer1000, atHighPer1000),
        tornado.costPer1000,
      ],
      currency,
    )
    const key = DOUBT_OF[input]
    const what = `${INPUTS[input]}${key === undefined ? '' : ` ±${formatNumber(doubt[key])} %`}`
    return i === 0
      ? `Most depends on ${what}: 1,000 cases cost ${low!} to ${high!} instead of ${likely!}, with the threshold kept`
      : `${what}: ${low!} to ${high!}`
  })
  const changing = tornado.bars.filter(({ changesThreshold }) => changesThreshold)
  const solving =
    changing.length === 0
      ? 'No other threshold would be cheaper at any of these ends.'
      : `Another threshold would be cheaper at ends of ${joined(changing.map(({ input }) => INPUTS[input]))}.`
  return `${texts.join('; ')}. ${solving}`
}

/** Told one by one where no ratio is stated. */
const MOST_STRETCHES = 4

/**
 * From `At the stated FN:FP of 24.5 gbdt is best; lr is best when FN:FP > 37.` to what is best below.
 *
 * @param ratio As stated; null where costs give none.
 */
function ratioSentence(stretches: readonly RatioStretch[], ratio: number | null): string {
  const here =
    ratio === null
      ? -1
      : stretches.findIndex(({ from, to }) => ratio >= from && (to === null || ratio < to))
  const shown =
    here < 0 ? stretches : stretches.filter((_, i) => Math.abs(i - here) <= 1 && i !== here)
  const around = shown.map((stretch) => `${subject(stretch)} ${whereText(stretch)}`)
  const byChance = stretches.length > 1 ? ' Runs that are close change places by chance.' : ''
  if (here < 0 && around.length > MOST_STRETCHES) {
    return `${around[0]!}; ${around.at(-1)!}; from one end to the other the best changes ${stretches.length - 1} times.${byChance}`
  }
  if (here < 0) return `${around.join('; ')}.${byChance}`
  const now = `At the stated FN:FP of ${formatNumber(ratio!)} ${subject(stretches[here]!)}`
  return `${[`${now}${stretches.length === 1 ? ', and at every other' : ''}`, ...around].join('; ')}.${byChance}`
}

function subject({ name, alerts }: RatioStretch): string {
  return name === null ? `alerting on ${alerts} is cheapest` : `${name} is best`
}

/** `up to FN:FP 9.1`, `when FN:FP > 37`, `from FN:FP 9.1 to 37`. */
export function whereText({ from, to }: Pick<RatioStretch, 'from' | 'to'>): string {
  if (to === null)
    return from === 0 ? 'whatever a miss costs' : `when FN:FP > ${formatNumber(from)}`
  return from === 0
    ? `up to FN:FP ${formatNumber(to)}`
    : `from FN:FP ${formatNumber(from)} to ${formatNumber(to)}`
}

/** Over which threshold probabilities acting on a run beats acting on all and on none. */
export function benefitSentence({ name, better, certain, points }: NetBenefitCurve): string {
  const all = [points[0]!, points.at(-1)!].map(({ thresholdProbability }) => thresholdProbability)
  if (better.length === 0) {
    return `Acting on ${name} beats alerting on everybody and on nobody at no threshold probability from ${percent(all[0]!)} to ${percent(all[1]!)}.`
  }
  const sure =
    certain.length === 0
      ? 'nowhere for certain'
      : stretchesText(certain) === stretchesText(better)
        ? 'everywhere there for certain'
        : `for certain ${stretchesText(certain)}`
  return `Acting on ${name} beats alerting on everybody and on nobody at threshold probabilities ${stretchesText(better)}, ${sure} (95 %, point by point).`
}

function stretchesText(stretches: readonly Stretch[]): string {
  return joined(
    stretches.map(({ from, to }) =>
      from === to ? `at ${percent(from)}` : `from ${percent(from)} to ${percent(to)}`,
    ),
  )
}

function percent(share: number): string {
  return `${formatNumber(100 * share)} %`
}

function joined(texts: readonly string[]): string {
  return texts.length < 2 ? texts.join('') : `${texts.slice(0, -1).join(', ')} and ${texts.at(-1)!}`
}
