import type { ItemResult, Side } from './measure-item.ts'

/** The results as a Markdown table, aligned for the terminal. */
export function resultTable(results: readonly ItemResult[]): string {
  const header = ['item', 'rows']
  for (const what of ['CPU s', 'wall s', 'peak MiB']) header.push(what, 'peer', 'ratio')
  header.push('bar', 'met')
  const rows = results.map(({ item, nRows, ours, peer, ratio, bar, met }) => [
    peer !== null && peer.scale !== 1 ? `${item} *` : item,
    nRows.toLocaleString('en'),
    ...[figure(ours.cpuSeconds), figure(peer?.cpuSeconds), figure(ratio.cpu)],
    ...[figure(ours.wallSeconds), figure(peer?.wallSeconds), figure(ratio.wall)],
    ...[mebibytes(ours.peakMiB), mebibytes(peer?.peakMiB), figure(ratio.memory)],
    bar === null ? '' : String(bar),
    met === null ? '' : met ? 'yes' : 'no',
  ])
  return markdownTable([header, ...rows])
}

/** What both sides say of their results, a line each, and which peers are missing or scaled. */
export function resultNotes(results: readonly ItemResult[]): string {
  const lines: string[] = []
  for (const { item, ours, peer, peerMissing } of results) {
    const said = [`ours ${factsOf(ours)}`]
    if (peer !== null) said.push(`peer ${factsOf(peer)}`)
    lines.push(`${item}: ${said.join('; ')}`)
    if (peerMissing !== null) lines.push(`${item}: the peer did not run: ${peerMissing}`)
    if (peer !== null && peer.scale !== 1) {
      lines.push(`* ${item}: the peer did 1/${peer.scale} of the work; its times are multiplied.`)
    }
  }
  return lines.join('\n')
}

/** Columns of equal width, the first flush left, the others flush right. */
function markdownTable(rows: readonly (readonly string[])[]): string {
  const widths = rows[0]!.map((_, column) => Math.max(...rows.map((row) => row[column]!.length), 3))
  const line = (cells: readonly string[]): string => `| ${cells.join(' | ')} |`
  const padded = rows.map((row) =>
    line(
      row.map((cell, column) =>
        column === 0 ? cell.padEnd(widths[column]!) : cell.padStart(widths[column]!),
      ),
    ),
  )
  const rule = line(
    widths.map((width, column) => (column === 0 ? '-'.repeat(width) : `${'-'.repeat(width - 1)}:`)),
  )
  return [padded[0], rule, ...padded.slice(1)].join('\n')
}

/** Three significant digits. */
function figure(value: number | null | undefined): string {
  if (value === null || value === undefined) return ''
  return value >= 100 ? value.toFixed(0) : value.toPrecision(3)
}

function mebibytes(value: number | null | undefined): string {
  return value === null || value === undefined ? '' : value.toFixed(1)
}

function factsOf({ check }: Side): string {
  const facts = Object.entries(check).map(
    ([name, value]) =>
      `${name} ${typeof value === 'number' ? Number(value.toPrecision(9)) : JSON.stringify(value)}`,
  )
  return facts.length === 0 ? '–' : facts.join(', ')
}
