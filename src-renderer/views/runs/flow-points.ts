/** What a gradient flow shows: who pulls at the model as training goes on. */
import type { GradientFlow } from '#shared/core/insight/training-record.ts'
import { flowGroups } from '#shared/core/insight/flow-ends.ts'
import type { FlowEnd, FlowGroup } from '#shared/core/insight/flow-ends.ts'
import type { ModelChoice } from '#shared/core/plan/plan.ts'
import type { TwinTable } from '../../format/csv.ts'
import { chance, percent, rate } from '../../format/numbers.ts'

export type FlowPart = 'gradient' | 'loss' | 'weight'

export const partTexts: Readonly<Record<FlowPart, string>> = {
  gradient: 'gradient',
  loss: 'loss',
  weight: 'cases',
}

/** From the bottom of the drawing to its top. */
export const drawnGroups: readonly FlowGroup[] = flowGroups

export interface FlowClasses {
  readonly positive: string
  readonly negative: string
}

export function groupText(group: FlowGroup, { positive, negative }: FlowClasses): string {
  const hardness = group.startsWith('hard') ? 'hard' : 'easy'
  return `${hardness} ${group.endsWith('Positives') ? positive : negative}`
}

/** What a model goes through. */
export function passText({ kind }: Pick<ModelChoice, 'kind'>): string {
  return kind === 'multilayer_perceptron' ? 'epoch' : 'iteration'
}

/** One line for each group: pass and share, in [0, 1]. */
export function flowLines(
  { points }: GradientFlow,
  part: FlowPart,
): Readonly<Record<FlowGroup, readonly (readonly [number, number])[]>> {
  const line = (group: FlowGroup): readonly (readonly [number, number])[] =>
    points.map((point) => [point.pass, point[group][part]])
  return {
    hardPositives: line('hardPositives'),
    easyPositives: line('easyPositives'),
    hardNegatives: line('hardNegatives'),
    easyNegatives: line('easyNegatives'),
  }
}

export function flowTable({ points }: GradientFlow, classes: FlowClasses, pass: string): TwinTable {
  const share = (text: string) => ({
    text,
    numeric: true,
    format: (value: number) => percent(value),
  })
  const parts: readonly FlowPart[] = ['gradient', 'loss', 'weight']
  return {
    head: [
      { text: pass.charAt(0).toUpperCase() + pass.slice(1), numeric: true },
      { text: 'Mean loss', numeric: true, format: (value) => rate(value, 4) },
      ...parts.flatMap((part) =>
        drawnGroups.map((group) => share(`${groupText(group, classes)}, ${partTexts[part]}`)),
      ),
    ],
    rows: points.map((point) => [
      point.pass,
      point.meanLoss,
      ...parts.flatMap((part) => drawnGroups.map((group) => point[group][part])),
    ]),
  }
}

/** Who pulls at the end, beside how many they are. */
export function flowSentence(end: FlowEnd, classes: FlowClasses): string {
  const [first, second] = [...drawnGroups].sort((a, b) => end[b].gradient - end[a].gradient)
  const said = (group: FlowGroup): string =>
    `${groupText(group, classes)} cases, ${chance(end[group].weight)} of the weight, pull ${percent(end[group].gradient, 0)} of the gradient`
  return `At the end ${said(first!)}; ${said(second!)}.`
}
