/** Frames as earlier versions wrote them, and how both are told apart by content. */
import type { Commitment, Frame } from './frame.ts'

type Added = 'currency' | 'minutesPerAlert' | 'reviewHoursPerDay' | 'commitments'

/**
 * A frame that was stored. Before there were review hours it held one commitment or null, and before
 * there was a currency none.
 */
export type StoredFrame<Form> = Omit<Form, Added> &
  Partial<Pick<Frame, Added>> & { readonly commitment?: Commitment | null }

/** A stored frame, or what results say of one, in today's form. */
export function readStoredFrame<Form extends Pick<Frame, Added>>({
  commitment = null,
  ...stored
}: StoredFrame<Form>): Form {
  const added: Pick<Frame, Added> = {
    currency: stored.currency ?? null,
    minutesPerAlert: stored.minutesPerAlert ?? null,
    reviewHoursPerDay: stored.reviewHoursPerDay ?? null,
    commitments: stored.commitments ?? (commitment === null ? [] : [commitment]),
  }
  return { ...stored, ...added } as unknown as Form
}

/**
 * What a frame is known by in keys: the earlier form wherever that says it all, so that an order of
 * an earlier version is found again.
 */
export function frameForKey(frame: Pick<Frame, Added>): object {
  const { minutesPerAlert, reviewHoursPerDay, commitments, ...rest } = frame
  return minutesPerAlert === null && reviewHoursPerDay === null && commitments.length < 2
    ? { ...rest, commitment: commitments[0] ?? null }
    : frame
}
