import { readFileSync, statSync } from 'node:fs'
import { UserError } from '#shared/contract/errors.ts'
import { bytesText } from '../memory.ts'

/** More is no pack: 20,000 rows with all their evidence take a fifth of it. */
const mostBytes = 512 * 2 ** 20

/** @throws UserError `bad_input` when the file is too large or not there. */
export function readPackFile(path: string, name: string): string {
  try {
    const { size } = statSync(path)
    if (size > mostBytes) {
      throw new UserError(
        'bad_input',
        `${name} has ${bytesText(size)}: too large for a reviewer pack.`,
      )
    }
    return readFileSync(path, 'utf8')
  } catch (error) {
    if (error instanceof UserError) throw error
    throw new UserError('bad_input', `${name} can't be read: ${(error as Error).message}.`)
  }
}
