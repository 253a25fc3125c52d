/**
 * A text of the user's within a sentence of ours: wrapped in Unicode isolates, so that one that
 * runs from right to left doesn't turn the sentence around it.
 */
export function isolate(text: string): string {
  return `\u2068${text}\u2069`
}
