import { join } from 'node:path'
import { commands } from '#main/hosts/cli/commands.ts'
import { readArguments } from '#main/hosts/cli/options.ts'
import type { Arguments } from '#main/hosts/cli/options.ts'
import type { BenchItem } from '../bench-item.ts'

interface State {
  readonly given: Arguments
  readonly printed: string[]
}

const { analyze } = commands
const reference =
  process.env['STEELYARD_REFERENCE'] ?? join(import.meta.dirname, '../../../../shared/reference')

export const item: BenchItem<State> = {
  name: 'one-analysis',
  about: 'the whole default analysis of the mammography data (11,183 rows), two workers',
  nRows: 1000, // of a table that it leaves alone
  prepare() {
    const words = [join(reference, 'data/mammography.csv')]
    words.push('--target', 'calcification', '--positive', '1', '--workers', '2')
    return { given: readArguments(words, analyze!.options, analyze!.files), printed: [] }
  },
  async run({ given, printed }) {
    printed.length = 0
    await analyze!.run(
      given,
      {
        onProgress: () => undefined,
        onNotice: () => undefined,
        signal: new AbortController().signal,
      },
      (text) => printed.push(text),
    )
  },
  check: ({ printed }) => ({ lines: printed.join('\n').split('\n').length }),
}
