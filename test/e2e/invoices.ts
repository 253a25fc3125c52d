import { draws } from '../support/draws.ts'

/** A table for the walks: small enough that all its runs take seconds. */
export const invoiceRows = 400

/** Invoices of which one in eight was disputed; `delay` and `visits` tell some of them apart. */
export function invoices(): string {
  const { uniform, bell } = draws(11)
  const lines = ['invoice,delay,visits,amount,region,outcome']
  for (let row = 0; row < invoiceRows; row++) {
    const disputed = row % 8 === 0
    const delay = 20 + 6 * bell() + (disputed ? 7 : 0)
    const visits = 3 + 2 * bell() - (disputed ? 1.5 : 0)
    const amount = 40 + 600 * uniform() * uniform()
    const region = ['north', 'south', 'west'][Math.floor(3 * uniform())]!
    const cells = [delay.toFixed(2), visits.toFixed(2), amount.toFixed(2), region]
    lines.push([`R-${1000 + row}`, ...cells, disputed ? 'disputed' : 'paid'].join(','))
  }
  return `${lines.join('\n')}\n`
}
