/**
 * Writes a record as JSON, refusing what JSON would change in silence.
 *
 * @param what Names the record in the message.
 * @throws RangeError for a number that is not finite (JSON has null for it), a typed array (an
 *   object with numbered keys) or nothing at all.
 */
export function toJson(value: unknown, what: string): string {
  const refuse = (key: string, found: string): never => {
    throw new RangeError(
      `${what} must be plain JSON, got ${found}${key === '' ? '' : ` in ${key}`}`,
    )
  }
  const text = JSON.stringify(value, (key, item: unknown) => {
    if (typeof item === 'number' && !Number.isFinite(item)) refuse(key, String(item))
    if (ArrayBuffer.isView(item)) refuse(key, 'a typed array')
    return item
  }) as string | undefined
  return text ?? refuse('', typeof value)
}
