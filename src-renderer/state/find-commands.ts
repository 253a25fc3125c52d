/** Which of many labels a person means who has typed a few letters. */

/**
 * Keeps what matches, best first: every word of the query has to begin a word of the label, or
 * else stand somewhere in it. Labels that match equally well stay in their order.
 */
export function findByLabel<T extends { readonly label: string }>(
  items: readonly T[],
  query: string,
): T[] {
  const words = fold(query).split(/\s+/).filter(Boolean)
  if (words.length === 0) return [...items]
  return items
    .map((item) => ({ item, score: scoreOf(fold(item.label), words) }))
    .filter(({ score }) => score > 0)
    .sort((a, b) => b.score - a.score)
    .map(({ item }) => item)
}

function scoreOf(label: string, words: readonly string[]): number {
  let score = label.startsWith(words.join(' ')) ? 1 : 0
  for (const word of words) {
    const at = label.indexOf(word)
    if (at < 0) return 0
    score += at === 0 || ` ${label}`.includes(` ${word}`) ? 2 : 1
  }
  return score
}

function fold(text: string): string {
  return text.normalize('NFD').replace(/\p{M}/gu, '').toLowerCase().trim()
}
