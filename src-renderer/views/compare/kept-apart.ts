/**
 * Places from 0 to `extent`, at least `gap` apart, in the order of those wanted and near to them.
 *
 * Where there is no room for all, they are spread evenly.
 */
export function keptApart(wanted: readonly number[], gap: number, extent: number): number[] {
  const order = wanted.map((_, i) => i).sort((a, b) => wanted[a]! - wanted[b]! || a - b)
  const room = Math.min(gap, extent / Math.max(1, order.length - 1))
  const places = [...wanted]
  let least = 0
  for (const i of order) {
    places[i] = Math.max(wanted[i]!, least)
    least = places[i] + room
  }
  let most = extent
  for (const i of order.toReversed()) {
    places[i] = Math.min(places[i]!, most)
    most = places[i] - room
  }
  return places
}

/**
 * A name with its middle left out where it is long: runs are often called alike but for the end.
 *
 * @param most Characters to keep, 3 at least.
 */
export function midShortened(name: string, most: number): string {
  const characters = Array.from(name)
  if (characters.length <= most) return name
  const end = Math.ceil((most - 1) / 2)
  return [...characters.slice(0, most - 1 - end), '…', ...characters.slice(-end)].join('')
}
