/**
 * Groups that hold together whatever any of two groupings holds together.
 *
 * @param a, b Group of each sample, ≥ 0; negative: in no group.
 * @returns Group of each sample, numbered from 0 in order of first appearance.
 */
export function joinGroups(a: Int32Array, b: Int32Array): Int32Array {
  if (a.length !== b.length) {
    throw new RangeError(`groupings must be of the same samples, got ${a.length} and ${b.length}`)
  }
  const parent = Int32Array.from(a, (_, i) => i)
  const root = (i: number): number => {
    let at = i
    while (parent[at] !== at) {
      parent[at] = parent[parent[at]!]!
      at = parent[at]!
    }
    return at
  }
  for (const groups of [a, b]) {
    const first = new Map<number, number>()
    groups.forEach((group, i) => {
      if (group < 0) return
      const known = first.get(group)
      if (known === undefined) first.set(group, i)
      else parent[root(i)] = root(known)
    })
  }
  const numbers = new Map<number, number>()
  return parent.map((_, i) => {
    const top = root(i)
    const known = numbers.get(top)
    if (known !== undefined) return known
    numbers.set(top, numbers.size)
    return numbers.size - 1
  })
}
