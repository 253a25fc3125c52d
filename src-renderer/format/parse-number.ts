/**
 * Reads a number as it was typed: `1,250.5`, `1 250`, `.5`, `−3`, `1e-3`.
 *
 * @returns null for an empty text, NaN for one that is not a finite number.
 */
export function parseNumber(text: string): number | null {
  const bare = text.replace(/[\s\u00a0\u202f]/g, '').replace(/[\u2212\u2013]/g, '-')
  if (bare === '') return null
  // Commas only where they group three digits: 1,5 is somebody's one and a half.
  const ungrouped = /^[-+]?\d{1,3}(,\d{3})+(\.\d*)?$/.test(bare) ? bare.replaceAll(',', '') : bare
  if (!/^[-+]?(\d+\.?\d*|\.\d+)(e[-+]?\d+)?$/i.test(ungrouped)) return NaN
  const value = Number(ungrouped)
  return Number.isFinite(value) ? value : NaN
}
