import type { FoldProvenance } from '#shared/contract/decision.ts'

/**
 * True where no made-up sample comes from the fold that judges it, by parent or neighbour; null where
 * none was made.
 */
export function proofHolds(proof: readonly FoldProvenance[]): boolean | null {
  const made = proof.filter(({ madeFrom }) => madeFrom !== null)
  if (made.length === 0) return null
  return made.every(
    ({ fold, madeFrom }) =>
      (madeFrom?.parents[fold] ?? 0) === 0 && (madeFrom?.neighbors[fold] ?? 0) === 0,
  )
}
