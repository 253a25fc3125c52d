/** What is said of a method before it is tried: when it fits, when not, and what it risks. */

/** What a card is judged against. */
export interface CardFacts {
  readonly positives: number
  readonly negatives: number
  /** True where a frame was stated; costs that nobody stated are assumed. */
  readonly hasCosts: boolean
  /** True where costs differ from row to row. */
  readonly costsPerRow: boolean
  /** Whether the configuration samples, weighs or trains with a loss that moves probabilities. */
  readonly movesProbabilities: boolean
}

export interface CardVerdict {
  /** `not`: something speaks against it here. `worth_trying`: it may or may not help. */
  readonly fit: 'fits' | 'worth_trying' | 'not'
  /** Goes on after "because": no capital, no full stop. */
  readonly because: string
}

export interface MethodCard<Kind extends string = string> {
  readonly kind: Kind
  readonly title: string
  /** Each a sentence or two. */
  readonly when: string
  readonly whenNot: string
  readonly needs: string
  readonly risks: string
  readonly judge: (facts: CardFacts) => CardVerdict
}

/** Cards of all kinds of one thing. */
export type CardsOf<Kind extends string> = { readonly [K in Kind]: MethodCard<K> }

export const fits = (because: string): CardVerdict => ({ fit: 'fits', because })
export const worthTrying = (because: string): CardVerdict => ({ fit: 'worth_trying', because })
export const speaksAgainst = (because: string): CardVerdict => ({ fit: 'not', because })

/** Samples of the rarer class. */
export const rarer = ({ positives, negatives }: CardFacts): number => Math.min(positives, negatives)

/** Majority ÷ minority. */
export function imbalanceRatio(facts: CardFacts): number {
  return Math.max(facts.positives, facts.negatives) / Math.max(1, rarer(facts))
}

/** `1 : 25`, in words that read in a sentence. */
export function ratioInWords(facts: CardFacts): string {
  return `there are ${whole(Math.round(imbalanceRatio(facts)))} of one class for each of the other`
}

/** A count with its thousands apart. */
export function whole(count: number): string {
  return String(Math.round(count)).replace(/\B(?=(\d{3})+$)/g, ',')
}
