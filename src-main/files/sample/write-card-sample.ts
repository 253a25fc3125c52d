import type { FileHandle } from 'node:fs/promises'
import { open, rename, rm } from 'node:fs/promises'

import { UserError } from '#shared/contract/errors.ts'
import type { CardTransaction } from '#shared/core/dataset/card-sample.ts'
import { cardSampleHeader, generateCardTransactions } from '#shared/core/dataset/card-sample.ts'
import { Cancelled } from '#shared/core/math/checkpoint.ts'

const rowsPerWrite = 4096

/**
 * Writes a sample of card transactions, and beside it the truth about each (`FILE.truth.csv` for
 * `FILE.csv`): `transaction_id,is_fraud_true,mechanism`. Both files appear complete or not at all.
 *
 * @param nRows      At least 1.
 * @param seed       Non-negative integer; the same numbers give the same bytes.
 * @param cancelled  Asked every few thousand rows.
 * @returns What was written, as a sentence.
 * @throws UserError `bad_input` when the files can't be written, `disk_full`; Cancelled.
 */
export async function writeCardSample(
  path: string,
  { nRows, seed }: { readonly nRows: number; readonly seed: number },
  cancelled: () => boolean,
): Promise<string> {
  const truthPath = `${path.replace(/\.csv$/i, '')}.truth.csv`
  const paths = [path, truthPath] as const
  const temporary = paths.map((final) => `${final}.${process.pid}.tmp`)
  const handles: FileHandle[] = []
  let frauds = 0
  let mislabelled = 0
  try {
    for (const name of temporary) handles.push(await open(name, 'w'))
    const [table, truth] = handles as [FileHandle, FileHandle]
    let tableText = `${cardSampleHeader.join(',')}\n`
    let truthText = 'transaction_id,is_fraud_true,mechanism\n'
    let pending = 0
    for (const transaction of generateCardTransactions(nRows, seed)) {
      const { id, mechanism, isFraud } = transaction
      if (mechanism !== null) {
        frauds++
        if (isFraud === 0) mislabelled++
      }
      tableText += tableLine(transaction)
      truthText += `${id},${mechanism === null ? 0 : 1},${mechanism ?? 'none'}\n`
      if (++pending < rowsPerWrite) continue
      if (cancelled()) throw new Cancelled()
      await table.writeFile(tableText)
      await truth.writeFile(truthText)
      tableText = ''
      truthText = ''
      pending = 0
    }
    await table.writeFile(tableText)
    await truth.writeFile(truthText)
    for (const handle of handles) {
      await handle.sync()
      await handle.close()
    }
    for (const [i, final] of paths.entries()) await rename(temporary[i]!, final)
  } catch (error) {
    for (const handle of handles) await handle.close().catch(() => undefined)
    for (const name of temporary) await rm(name, { force: true })
    throw asUserError(error, path)
  }
  return `${path}: ${nRows} card transactions, ${frauds} frauds, ${mislabelled} of them labelled legitimate; the truth is in ${truthPath}.`
}

function tableLine(transaction: CardTransaction): string {
  const { amountCents, distanceFromHomeKm } = transaction
  const cents = String(amountCents % 100).padStart(2, '0')
  const cells = [
    transaction.id,
    transaction.time,
    `${Math.floor(amountCents / 100)}.${cents}`,
    transaction.merchantCategory,
    transaction.country,
    transaction.entryMode,
    transaction.cardAgeDays,
    transaction.transactionsLastHour,
    distanceFromHomeKm ?? '',
    transaction.deviceKnown,
    transaction.isFraud,
  ]
  return `${cells.join(',')}\n`
}

/** What the file system said, for the user; any other error is left as it is. */
function asUserError(error: unknown, path: string): unknown {
  if (!(error instanceof Error) || !('code' in error) || error instanceof UserError) return error
  const { code, message } = error
  if (code === 'ENOSPC' || code === 'EDQUOT') {
    return new UserError('disk_full', `There is no room on the disk for ${path}.`, { cause: error })
  }
  return new UserError('bad_input', `${path} can't be written: ${message}.`, { cause: error })
}
