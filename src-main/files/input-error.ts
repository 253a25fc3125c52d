import { UserError } from '#shared/contract/errors.ts'

/**
 * A file that cannot be used as it is.
 *
 * The message is for the person who owns the file: it says what is wrong, where, and what to do
 * about it. `row` is the line of the file (the header is row 1).
 */
export class InputError extends UserError {
  readonly file: string | null
  readonly row: number | null
  readonly column: string | null

  constructor(
    message: string,
    where: {
      readonly file?: string | null
      readonly row?: number | null
      readonly column?: string | null
    } = {},
  ) {
    super('bad_input', message)
    this.name = 'InputError'
    this.file = where.file ?? null
    this.row = where.row ?? null
    this.column = where.column ?? null
  }
}
