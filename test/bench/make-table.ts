/**
 * Writes a large numeric table with a rare class, for runs at scale:
 *
 *     node test/bench/make-table.ts --rows 1000000 --columns 30 --seed 1 --out big.csv
 *
 * Columns `v1` to `vN` and the target `class`, 1 for about one row in 200. A third of the columns
 * shift with the class, one in ten lacks some values, values have six decimals. The same arguments
 * give the same bytes.
 */
import { closeSync, openSync, writeSync } from 'node:fs'
import { parseArgs } from 'node:util'
import { createStream } from '#shared/core/math/random.ts'

const positiveShare = 0.005
const missingShare = 0.02
const rowsPerWrite = 2000

const { values } = parseArgs({
  options: {
    rows: { type: 'string', default: '1000000' },
    columns: { type: 'string', default: '30' },
    seed: { type: 'string', default: '1' },
    out: { type: 'string' },
  },
})
const { out } = values
const [nRows, nColumns, seed] = [values.rows, values.columns, values.seed].map(Number) as [
  number,
  number,
  number,
]
if (out === undefined || ![nRows, nColumns, seed].every(Number.isSafeInteger)) {
  throw new Error('--out FILE is needed, and whole numbers for --rows, --columns and --seed')
}

const stream = createStream(seed, 'table', nRows, nColumns)
const file = openSync(out, 'w')
const names = Array.from({ length: nColumns }, (_, column) => `v${column + 1}`)
writeSync(file, `${names.join(',')},class\n`)
let text = ''
for (let row = 0; row < nRows; row++) {
  const isPositive = stream.uniform() < positiveShare ? 1 : 0
  for (let column = 0; column < nColumns; column++) {
    if (column % 10 === 9 && stream.uniform() < missingShare) {
      text += ','
      continue
    }
    const noise = stream.uniform() + stream.uniform() + stream.uniform() + stream.uniform() - 2
    const shift = column % 3 === 0 ? isPositive / (1 + column / 6) : 0
    text += `${(2 * noise + shift).toFixed(6)},`
  }
  text += `${isPositive}\n`
  if ((row + 1) % rowsPerWrite === 0 || row + 1 === nRows) {
    writeSync(file, text)
    text = ''
  }
}
closeSync(file)
