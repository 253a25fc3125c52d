/** The four costs while they are being stated. */
import type { CostSource, Frame } from '#shared/core/frame/frame.ts'

export type Outcome = keyof Frame['costs']

/** Null where nothing is stated yet. */
export type CostCells = Readonly<Record<Outcome, CostSource | null>>

export const openCosts: CostCells = {
  truePositive: null,
  falsePositive: null,
  trueNegative: null,
  falseNegative: null,
}

/**
 * The costs that the cells state: both errors have to be there, the outcomes that are right cost
 * nothing unless stated. Null when no cell is filled, which assumes costs; `'incomplete'` when an
 * error is left open.
 */
export function statedCosts(cells: CostCells): Frame['costs'] | null | 'incomplete' {
  const { truePositive, falsePositive, trueNegative, falseNegative } = cells
  if (falsePositive !== null && falseNegative !== null) {
    return {
      truePositive: truePositive ?? 0,
      falsePositive,
      trueNegative: trueNegative ?? 0,
      falseNegative,
    }
  }
  return Object.values(cells).every((cell) => cell === null) ? null : 'incomplete'
}
