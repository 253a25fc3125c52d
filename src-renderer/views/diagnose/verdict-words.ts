/** How the page shows the words of a verdict, and where it leads from there. */
import type { VerdictKind } from '#shared/core/diagnosis/verdict.ts'
import type { ViewId } from '../../state/route-hash.ts'

/** A verdict in two parts: what is the matter, up to its colon, and what that rests on. */
export function inTwo(sentence: string): { readonly headline: string; readonly rest: string } {
  // A column may have a colon in its name; names stand in quotes.
  const from = Math.max(0, sentence.startsWith('\u201c') ? sentence.indexOf('\u201d') : 0)
  const colon = sentence.indexOf(': ', from)
  if (colon < 0) return { headline: sentence, rest: '' }
  const rest = sentence.slice(colon + 2)
  return {
    headline: `${sentence.slice(0, colon)}.`,
    rest: rest.slice(0, 1).toUpperCase() + rest.slice(1),
  }
}

export interface NextStep {
  readonly text: string
  readonly view: ViewId
}

/** Where to go on, the first being what the verdict asks for. */
export const nextSteps: Readonly<Record<VerdictKind, readonly NextStep[]>> = {
  leak: [{ text: 'Look at the columns', view: 'data' }],
  too_few_positives: [{ text: 'Look at the data', view: 'data' }],
  drift: [{ text: 'Look at the columns', view: 'data' }],
  labels: [
    { text: 'See where positives are missed', view: 'slices' },
    { text: 'Look at the rows', view: 'data' },
  ],
  imbalance: [
    { text: 'Compare the runs', view: 'compare' },
    { text: 'See strategies', view: 'strategies' },
  ],
  overlap: [
    { text: 'See where positives are missed', view: 'slices' },
    { text: 'Tune the threshold', view: 'threshold' },
  ],
  threshold: [
    { text: 'Tune the threshold', view: 'threshold' },
    { text: 'See strategies', view: 'strategies' },
  ],
  metric: [
    { text: 'See the costs', view: 'threshold' },
    { text: 'Compare the runs', view: 'compare' },
  ],
  nothing: [
    { text: 'Keep a threshold', view: 'threshold' },
    { text: 'Read the report', view: 'report' },
  ],
}
