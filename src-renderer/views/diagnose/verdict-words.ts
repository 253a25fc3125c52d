/** What the page adds to the words of a verdict: a headline, and where to go on. */
import type { VerdictKind } from '#shared/core/diagnosis/verdict.ts'
import type { ViewId } from '../../state/route-hash.ts'

export const headlines: Readonly<Record<VerdictKind, string>> = {
  leak: 'A column may give the answer away.',
  too_few_positives: 'There are too few positives to tell.',
  drift: 'The cases have changed over time.',
  labels: 'Positives seem to be missing from the labels.',
  imbalance: 'Imbalance does cost here.',
  overlap: 'Imbalance is not the problem. The classes overlap.',
  threshold: 'Imbalance is not the problem. The threshold is.',
  metric: 'Imbalance is not the problem. Accuracy is.',
  nothing: 'Nothing needs mending.',
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
