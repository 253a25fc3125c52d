/** The steps of the work in their order, as spine and palette list them. */
import type { IconName } from '../components/icons.ts'
import type { ViewId } from './route-hash.ts'

export interface StepItem {
  readonly id: Exclude<ViewId, 'start' | 'settings'>
  readonly label: string
  readonly icon: IconName
  /** Typed after G. */
  readonly key: string
}

export const steps: readonly { readonly heading: string; readonly items: readonly StepItem[] }[] = [
  {
    heading: 'Prepare',
    items: [
      { id: 'data', label: 'Data', icon: 'database', key: 'D' },
      { id: 'frame', label: 'Frame', icon: 'scale', key: 'F' },
      { id: 'diagnose', label: 'Diagnose', icon: 'stethoscope', key: 'I' },
      { id: 'labels', label: 'Labels', icon: 'tags', key: 'L' },
    ],
  },
  {
    heading: 'Decide',
    items: [
      { id: 'threshold', label: 'Threshold', icon: 'sliders-horizontal', key: 'T' },
      { id: 'strategies', label: 'Strategies', icon: 'layers', key: 'S' },
      { id: 'runs', label: 'Runs', icon: 'play', key: 'R' },
      { id: 'compare', label: 'Compare', icon: 'git-compare-arrows', key: 'C' },
      { id: 'slices', label: 'Slices', icon: 'list-filter', key: 'E' },
    ],
  },
  {
    heading: 'Hand over',
    items: [{ id: 'report', label: 'Report', icon: 'file-text', key: 'P' }],
  },
]
