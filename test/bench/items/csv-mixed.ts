import { existsSync, renameSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import type { Dataset } from '#shared/core/dataset/dataset.ts'
import { createStream } from '#shared/core/math/random.ts'
import { defaultCsvOptions } from '#main/files/csv/csv-types.ts'
import { parseCsvFile } from '#main/files/csv/parse-csv-file.ts'
import type { BenchItem } from '../bench-item.ts'

interface State {
  readonly path: string
  dataset: Dataset | null
}

export const item: BenchItem<State> = {
  name: 'csv-mixed',
  about: 'read a CSV file of 8 numeric and 8 text columns, some quoted, 5 % missing, into memory',
  prepare({ folder, nRows }) {
    const path = join(folder, 'mixed.csv')
    if (!existsSync(path)) {
      writeFileSync(`${path}.${process.pid}`, mixedCsv(nRows))
      renameSync(`${path}.${process.pid}`, path)
    }
    return { path, dataset: null }
  },
  run(state) {
    state.dataset = parseCsvFile(state.path, defaultCsvOptions)
  },
  check: ({ dataset }) => ({
    rows: dataset!.nRows,
    columns: dataset!.columns.length,
    texts: dataset!.columns.filter(({ kind }) => kind === 'categorical').length,
  }),
  peer: { script: 'mixed_csv.py', item: 'read_mixed_csv_pandas' },
  bar: 1,
}

const channels = ['web', 'app', 'phone', 'branch', 'partner']
const streets = ['Mill Lane', 'Rue de l’Église', 'Hauptstraße', 'Via Roma', 'High Street']

/** As a bank might export cases: amounts, ages, codes, names of places, and an identifier. */
function mixedCsv(nRows: number): string {
  const stream = createStream(0, 'bench', 'mixed')
  const some = (text: string): string => (stream.below(20) === 0 ? '' : text)
  const names = ['id', 'amount', 'age', 'balance', 'score', 'ratio', 'hour', 'visits', 'rate']
  names.push('channel', 'country', 'merchant', 'address', 'product', 'device', 'note', 'fraud')
  const lines = [names.join(',')]
  for (let row = 0; row < nRows; row++) {
    const country = String.fromCharCode(65 + stream.below(26), 65 + stream.below(8))
    const cells = [
      `c${(10_000_000 + row).toString(36)}`,
      some((stream.uniform() * 5000).toFixed(2)),
      some(String(18 + stream.below(70))),
      some((stream.uniform() * 1e5 - 2e4).toFixed(2)),
      some(stream.uniform().toFixed(6)),
      some((stream.uniform() * 3).toPrecision(5)),
      String(stream.below(24)),
      some(String(stream.below(300))),
      some(stream.uniform().toFixed(4)),
      some(channels[stream.below(channels.length)]!),
      some(country),
      some(`merchant ${stream.below(4000)}`),
      some(`"${streets[stream.below(streets.length)]!}, ${1 + stream.below(200)}"`),
      some(`P${stream.below(40)}`),
      some(`${stream.below(2) === 0 ? 'ios' : 'android'} ${9 + stream.below(9)}`),
      some(`"said ""${channels[stream.below(channels.length)]!}"""`),
      stream.below(200) === 0 ? 'yes' : 'no',
    ]
    lines.push(cells.join(','))
  }
  return `${lines.join('\n')}\n`
}
