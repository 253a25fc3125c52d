import type { ThresholdData } from '#shared/contract/decision.ts'
import type { FrameDraft } from '#shared/contract/work.ts'
import {
  capacityThreshold,
  decisionOf,
  figuresAt,
  foldSpreadAt,
  steppedThreshold,
} from './decision-figures.ts'
import type { Decision } from './decision-figures.ts'
import {
  closestThreshold,
  costLines,
  foldRibbon,
  isoCosts,
  precisionRecallLine,
  scoreBins,
  spreadBand,
} from './drawn-curves.ts'
import { placeOf, scaleOf, thresholdAt, ticksOf } from './threshold-scale.ts'
import type { ThresholdScale } from './threshold-scale.ts'

/** Steps of the keyboard from one end of the scale to the other. */
const stepsAcross = 400

/** One run on the desk: what is drawn once, and the threshold with everything that follows it. */
export class ThresholdDesk {
  readonly decision: Decision
  readonly scale: ThresholdScale
  readonly ticks: readonly number[]
  readonly cost: ReturnType<typeof costLines>
  readonly spread: ReturnType<typeof spreadBand>
  readonly bins: ReturnType<typeof scoreBins>
  readonly rates: ReturnType<typeof precisionRecallLine>
  readonly isoCosts: ReturnType<typeof isoCosts>
  readonly ribbon: readonly number[]
  readonly capacityThreshold: number | null

  #threshold = $state(0)
  readonly figures = $derived.by(() => figuresAt(this.decision, this.#threshold))
  /** On the shared scale, in log-odds. */
  readonly place = $derived.by(() => placeOf(this.scale, this.#threshold))
  readonly foldSpread = $derived.by(() => foldSpreadAt(this.decision, this.#threshold))

  constructor(data: ThresholdData, frame: FrameDraft) {
    this.decision = decisionOf(data, frame)
    this.scale = scaleOf(data)
    this.ticks = ticksOf(this.scale)
    this.cost = costLines(this.decision, this.scale)
    this.spread = spreadBand(this.decision, this.scale)
    this.bins = scoreBins(data, this.scale)
    this.rates = precisionRecallLine(data)
    this.isoCosts = isoCosts(this.decision, this.cost.axis, this.cost.least)
    this.ribbon = foldRibbon(data.perFold, this.scale)
    this.capacityThreshold = capacityThreshold(data)
    this.#threshold = data.tuned
  }

  get data(): ThresholdData {
    return this.decision.data
  }

  get threshold(): number {
    return this.#threshold
  }

  /** @param threshold From 0, which alerts on everybody, to Infinity, which alerts on nobody. */
  move(threshold: number): void {
    if (threshold >= 0) this.#threshold = threshold
  }

  moveToPlace(place: number): void {
    this.move(thresholdAt(this.scale, place))
  }

  moveToRates(recall: number, precision: number): void {
    const threshold = closestThreshold(this.rates, recall, precision)
    if (threshold !== null) this.move(threshold)
  }

  /**
   * @param steps Of the scale, positive upwards.
   */
  step(steps: number): void {
    const { low, high } = this.scale
    const aimed = thresholdAt(this.scale, this.place + (steps / stepsAcross) * (high - low))
    this.move(steppedThreshold(this.data.curve, this.figures, steps > 0 ? 1 : -1, aimed))
  }

  /** To the next distinct score, however close it is. */
  stepScore(direction: 1 | -1): void {
    this.move(steppedThreshold(this.data.curve, this.figures, direction, null))
  }
}
