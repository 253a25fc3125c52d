import type { FrameDraft } from '#shared/contract/work.ts'

/** Nothing stated: costs follow from the prevalence, and nothing limits alerts. */
export const openFrame: FrameDraft = {
  costs: null,
  casesPerDay: null,
  capacity: null,
  prevalence: null,
  commitment: null,
  currency: null,
}
