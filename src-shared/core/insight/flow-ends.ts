import type { FlowPoint, FlowShare, GradientFlow } from './training-record.ts'

/** The four groups that a gradient flow tells apart. */
export const flowGroups = [
  'hardPositives',
  'easyPositives',
  'hardNegatives',
  'easyNegatives',
] as const satisfies readonly (keyof FlowPoint)[]

export type FlowGroup = (typeof flowGroups)[number]

/** What each group has of weight, loss and gradient at the last pass. */
export type FlowEnd = Readonly<Record<FlowGroup, FlowShare>>

/** The last pass of each training, the mean over all of them; null without any. */
export function flowEnds(flows: readonly GradientFlow[]): FlowEnd | null {
  const last = flows.flatMap(({ points }) => points.at(-1) ?? [])
  if (last.length === 0) return null
  const mean = (group: FlowGroup, part: keyof FlowShare): number =>
    last.reduce((sum, point) => sum + point[group][part], 0) / last.length
  const endOf = (group: FlowGroup): FlowShare => ({
    weight: mean(group, 'weight'),
    loss: mean(group, 'loss'),
    gradient: mean(group, 'gradient'),
  })
  return {
    hardPositives: endOf('hardPositives'),
    easyPositives: endOf('easyPositives'),
    hardNegatives: endOf('hardNegatives'),
    easyNegatives: endOf('easyNegatives'),
  }
}
