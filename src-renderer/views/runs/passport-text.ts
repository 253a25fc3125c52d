/** Made-up samples in words. */
import type { SyntheticExample } from '#shared/contract/decision.ts'
import type { SyntheticReadout } from '#shared/core/report/analysis.ts'
import { count, NONE, percent, plain } from '../../format/numbers.ts'

/** One sentence on where made-up samples lie and what about them can't be. */
export function passportSentence(
  { examined, inMajorityTerritory, impossible }: SyntheticReadout,
  commoner: string,
): string {
  const where = `Of ${count(examined)} made-up samples looked at, ${percent(inMajorityTerritory, 0)} lie where most neighbours are ${commoner}`
  const [worst, ...others] = impossible
  if (worst === undefined) return `${where}. None has a value that no real one can have.`
  const more =
    others.length === 0
      ? ''
      : `, and ${count(others.length)} more ${others.length === 1 ? 'column has' : 'columns have'} such values`
  return `${where}. In ${percent(worst.share, 0)} of them ${worst.column} is ${impossibleText(worst.kind)}${more}.`
}

export function impossibleText(kind: SyntheticReadout['impossible'][number]['kind']): string {
  return kind === 'fraction' ? 'a fraction of a whole number' : 'a mix of categories'
}

/** @param digits Of numbers. */
export function cellText(value: SyntheticExample['columns'][number]['made'], digits = 4): string {
  return value === null ? NONE : typeof value === 'number' ? plain(value, digits) : value
}

/** The columns that tell most: impossible ones first, then those in which the parents differ. */
export function tellingColumns(
  { columns }: SyntheticExample,
  most: number,
): SyntheticExample['columns'] {
  const place = ({ impossible, parent, neighbor }: (typeof columns)[number]): number =>
    impossible ? 0 : parent === neighbor ? 2 : 1
  return columns.toSorted((a, b) => place(a) - place(b)).slice(0, most)
}
