/** Verdicts and states, named after what they lead to. */
import type { LabelsState, QueueKind, RowState, Verdict } from '#shared/contract/labels.ts'
import type { IconName } from '../../components/icons.ts'

type Names = LabelsState['names']

export function labelOf(label: 0 | 1, names: Names): string {
  return label === 1 ? names.positive : names.negative
}

/** What a verdict does to a label. */
export function consequence(verdict: Verdict, given: 0 | 1, names: Names): string {
  switch (verdict) {
    case 'keep':
      return `Stays ${labelOf(given, names)}`
    case 'relabel':
      return `Becomes ${labelOf(given === 1 ? 0 : 1, names)}`
    case 'exclude':
      return 'Leaves the data'
    case 'unsure':
      return 'Asks a second reviewer'
  }
}

export const verdictKeys: readonly {
  readonly key: string
  readonly verdict: Verdict
  readonly label: string
}[] = [
  { key: 'Q', verdict: 'keep', label: 'Keep' },
  { key: 'W', verdict: 'relabel', label: 'Relabel' },
  { key: 'E', verdict: 'exclude', label: 'Exclude' },
  { key: 'U', verdict: 'unsure', label: 'Unsure' },
]

export const verdictWords: Readonly<Record<Verdict, string>> = {
  keep: 'kept',
  relabel: 'relabelled',
  exclude: 'excluded',
  unsure: 'unsure',
}

export const verdictIcons: Readonly<Record<Verdict, IconName>> = {
  keep: 'check',
  relabel: 'arrow-up-down',
  exclude: 'ban',
  unsure: 'circle-help',
}

export const stateWords: Readonly<Record<RowState | 'open', string>> = {
  open: 'to decide',
  decided: 'decided by one',
  agreed: 'agreed by two',
  unsure: 'asks another reviewer',
  adjudicate: 'contradicted',
  adjudicated: 'settled',
}

export const kindWords: Readonly<Record<QueueKind, string>> = {
  suspicion: 'Most doubtful labels first',
  money: 'Most money per review minute first',
  disagreement: 'Where models disagree most',
  threshold: 'Nearest to the threshold of a run',
  false_negatives: 'Positives that a run misses',
  false_positives: 'False alarms of a run',
  hard: 'Hardest to learn for a run',
  rows: 'Rows that were chosen',
  control: 'Drawn at random throughout',
  second: 'Second look, blind',
}
