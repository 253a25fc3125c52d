/**
 * The thread that profiles the columns of one dataset version. It is sent the target first, then
 * every column, and answers each in turn.
 */
import { parentPort, workerData } from 'node:worker_threads'
import { UserError } from '#shared/contract/errors.ts'
import type { ErrorCode } from '#shared/contract/errors.ts'
import { profileByClass } from '#shared/core/dataset/class-profile.ts'
import type { ProfileByClass } from '#shared/core/dataset/class-profile.ts'
import { unpackColumn } from './packed-column.ts'
import type { ColumnValues, PackedColumn } from './packed-column.ts'

export interface ProfileWorkerData {
  /** The value of the target that makes a row positive. */
  readonly positive: string
}

export type ProfileAnswer =
  /** To the target: rows of the positive class. */
  | { readonly positives: number }
  | { readonly column: ProfileByClass }
  | { readonly refusal: { readonly code: ErrorCode; readonly message: string } }

const { positive } = workerData as ProfileWorkerData
let isPositive: Uint8Array | null = null

function answer(packed: PackedColumn): ProfileAnswer {
  try {
    const column = unpackColumn(packed)
    if (isPositive !== null) return { column: profileByClass(column, isPositive) }
    isPositive = classesOf(column)
    return { positives: isPositive.reduce((sum, one) => sum + one, 0) }
  } catch (error) {
    if (error instanceof UserError) {
      return { refusal: { code: error.code, message: error.message } }
    }
    throw error
  }
}

/** 1 per row where the target has the positive value. */
function classesOf(target: ColumnValues): Uint8Array {
  if (target.kind === 'numeric') {
    return Uint8Array.from(target.values, (value) => (String(value) === positive ? 1 : 0))
  }
  let wanted = -2
  for (let code = 0; code < target.nLevels && wanted < 0; code++) {
    if (target.textOf(code) === positive) wanted = code
  }
  return Uint8Array.from(target.codes, (code) => (code === wanted ? 1 : 0))
}

parentPort!.on('message', (packed: PackedColumn) => {
  parentPort!.postMessage(answer(packed))
})
