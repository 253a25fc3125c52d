/** What is said of a method before it is tried: when it fits, when not, and what it risks. */
import type { Commitment } from '../../frame/frame.ts'

/** What a card is judged against: data and frame, and the configuration that the method joins. */
export interface CardFacts {
  /** Of the whole table. */
  readonly positives: number
  readonly negatives: number
  /** Columns that models may see, and features after encoding. */
  readonly numericColumns: number
  readonly categoricalColumns: number
  readonly nFeatures: number
  /** Share of positives where decisions will be taken. */
  readonly prevalenceInUse: number
  /** What the frame promises. */
  readonly commitments: readonly Commitment[]
  /** True where a frame was stated; costs that nobody stated are assumed. */
  readonly hasCosts: boolean
  /** True where costs differ from row to row. */
  readonly costsPerRow: boolean
  /** Whether the configuration samples, weighs or trains with a loss that moves probabilities. */
  readonly movesProbabilities: boolean
}

export interface CardVerdict {
  /**
   * `worth_trying`: it may or may not help. `speaks_against`: it can run, and something speaks
   * against it here. `cannot_run`: the data don't carry it.
   */
  readonly fit: 'fits' | 'worth_trying' | 'speaks_against' | 'cannot_run'
  /** Goes on after "because": no capital, no full stop. */
  readonly because: string
}

/**
 * The card of a method.
 *
 * @template Choice Hyperparameters that the verdict goes by; the usual ones where they are left out.
 */
export interface MethodCard<Kind extends string = string, Choice = never> {
  readonly kind: Kind
  readonly title: string
  /** In a few words, without full stop. */
  readonly does: string
  /** Each a sentence or two. */
  readonly when: string
  readonly whenNot: string
  readonly needs: string
  readonly risks: string
  readonly judge: (facts: CardFacts, choice?: Choice) => CardVerdict
}

/** Cards of all kinds of one thing. */
export type CardsOf<Kind extends string> = { readonly [K in Kind]: MethodCard<K> }

export const fits = (because: string): CardVerdict => ({ fit: 'fits', because })
export const worthTrying = (because: string): CardVerdict => ({ fit: 'worth_trying', because })
export const speaksAgainst = (because: string): CardVerdict => ({ fit: 'speaks_against', because })
export const cannotRun = (because: string): CardVerdict => ({ fit: 'cannot_run', because })

/** Samples of the rarer class. */
export const rarer = ({
  positives,
  negatives,
}: Pick<CardFacts, 'positives' | 'negatives'>): number => Math.min(positives, negatives)

/** Majority ÷ minority. */
export function imbalanceRatio(facts: Pick<CardFacts, 'positives' | 'negatives'>): number {
  return Math.max(facts.positives, facts.negatives) / Math.max(1, rarer(facts))
}

/** `there are 25 of one class for each of the other` */
export function ratioInWords(facts: CardFacts): string {
  return `there are ${whole(Math.round(imbalanceRatio(facts)))} of one class for each of the other`
}

/** A count with its thousands apart. */
export function whole(count: number): string {
  return String(Math.round(count)).replace(/\B(?=(\d{3})+$)/g, ',')
}
