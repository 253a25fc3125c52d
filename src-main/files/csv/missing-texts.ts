import { defaultMissing } from './csv-types.ts'

const SPACE = 32
const TAB = 9

/** The texts that stand for a missing value, matched by their bytes. */
export class MissingTexts {
  /** True when one of them could be read as a number, so that numbers must be compared too. */
  readonly includesNumbers: boolean
  readonly #texts: ReadonlySet<string>
  readonly #byFirstByte: (Uint8Array[] | undefined)[] = []

  /** @param texts  Null means the default list. The empty text always belongs to it. */
  constructor(texts: readonly string[] | null) {
    const trimmed = (texts ?? defaultMissing).map((text) => text.trim())
    this.includesNumbers = trimmed.some((text) => /^[-+.\d]/.test(text))
    this.#texts = new Set(['', ...trimmed])
    for (const text of trimmed) {
      if (text === '') continue
      const bytes = new TextEncoder().encode(text)
      ;(this.#byFirstByte[bytes[0]!] ??= []).push(bytes)
    }
  }

  /** Whether a text without blanks around it is one of the texts. */
  hasText(text: string): boolean {
    return this.#texts.has(text)
  }

  /** Whether `bytes[start, end)`, blanks around it set aside, is one of the texts. */
  has(bytes: Uint8Array, start: number, end: number): boolean {
    while (start < end && isBlank(bytes[start]!)) start++
    while (end > start && isBlank(bytes[end - 1]!)) end--
    if (start === end) return true
    const candidates = this.#byFirstByte[bytes[start]!]
    return candidates?.some((text) => equals(text, bytes, start, end)) ?? false
  }
}

export function isBlank(byte: number): boolean {
  return byte === SPACE || byte === TAB
}

function equals(text: Uint8Array, bytes: Uint8Array, start: number, end: number): boolean {
  if (text.length !== end - start) return false
  for (let i = 0; i < text.length; i++) if (text[i] !== bytes[start + i]) return false
  return true
}
