/** Whether a run fits into the memory it may take, and with how many workers. */
import { UserError } from '#shared/contract/errors.ts'
import { estimateMemory } from '#shared/core/plan/memory-estimate.ts'
import type { MemoryFacts } from '#shared/core/plan/memory-estimate.ts'
import type { Plan } from '#shared/core/plan/plan.ts'

export interface MemoryPlan {
  readonly workers: number
  /** Estimated bytes of the whole program while it runs. */
  readonly bytes: number
  /** Both in words, and why there are fewer workers than were asked for. */
  readonly notice: string
}

/**
 * The most workers up to `wanted` with which a run stays within the cap; one where none does, and
 * the notice says so.
 */
export function fitMemory(
  plan: Plan,
  facts: MemoryFacts,
  nHeld: number,
  wanted: number,
  capBytes: number,
): MemoryPlan {
  const estimate = (workers: number): ReturnType<typeof estimateMemory> =>
    estimateMemory(plan, facts, workers, nHeld)
  let workers = wanted
  while (workers > 1 && estimate(workers).total > capBytes) workers--
  const { total, largest } = estimate(workers)
  if (total > capBytes) {
    return {
      workers,
      bytes: total,
      notice: `This run needs about ${bytesText(total)} of memory even with 1 worker, and ${bytesText(capBytes)} are allowed. Most of it is for fitting ${largest}: leave that out, use fewer rows or columns, or allow more (--memory-cap, or Settings in the window).`,
    }
  }
  const withWorkers = `${workers} worker${workers === 1 ? '' : 's'}`
  const needs = `Needs about ${bytesText(total)} of memory with ${withWorkers}`
  return {
    workers,
    bytes: total,
    notice:
      workers === wanted
        ? `${needs}.`
        : `${needs}; ${wanted} would need ${bytesText(estimate(wanted).total)}, and ${bytesText(capBytes)} are allowed.`,
  }
}

/**
 * As `fitMemory`, for a run that is about to begin.
 *
 * @throws UserError `bad_input` with the figures when one worker is too many.
 */
export function planMemory(
  plan: Plan,
  facts: MemoryFacts,
  nHeld: number,
  wanted: number,
  capBytes: number,
): MemoryPlan {
  const memory = fitMemory(plan, facts, nHeld, wanted, capBytes)
  if (memory.bytes > capBytes) throw new UserError('bad_input', memory.notice)
  return memory
}

/** Refuses a table that alone is larger than the cap, before it is loaded. */
export function requireTableFits(tableBytes: number, capBytes: number): void {
  if (tableBytes <= capBytes) return
  throw new UserError(
    'bad_input',
    `The table alone takes ${bytesText(tableBytes)} of memory, and ${bytesText(capBytes)} are allowed. Use fewer rows or columns, or allow more (--memory-cap, or Settings in the window).`,
  )
}

/** `1.9 GB`, `340 MB`: decimal units, two digits or a whole number of megabytes. */
export function bytesText(bytes: number): string {
  return bytes >= 1e9 ? `${(bytes / 1e9).toFixed(1)} GB` : `${Math.ceil(bytes / 1e6)} MB`
}
