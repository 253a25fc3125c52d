/** The terminal host: arguments in, exit code out. */
import { reportError, UserError } from '#shared/contract/errors.ts'
import { Cancelled } from '#shared/core/math/checkpoint.ts'
import { requireWritable } from '../../files/write-file-whole.ts'
import { version } from '../../version.ts'
import { commands } from './commands.ts'
import { helpOf, overview } from './help.ts'
import { readArguments } from './options.ts'
import type { Arguments } from './options.ts'
import { createProgressLine } from './progress-line.ts'
import { callersPath } from './requests.ts'

/** 0 done, 1 fault of the program, 2 bad input, 130 cancelled. */
export type ExitCode = 0 | 1 | 2 | 130

/** Runs one command. Results go to stdout, progress and errors to stderr. */
export async function main(args: readonly string[]): Promise<ExitCode> {
  const [name, ...rest] = args
  if (name === undefined || name === '--help' || name === 'help') {
    process.stdout.write(overview())
    return name === undefined ? 2 : 0
  }
  if (name === '--version') {
    process.stdout.write(`${version}\n`)
    return 0
  }
  const progress = createProgressLine(process.stderr)
  const cancel = new AbortController()
  const onSignal = (): void => {
    cancel.abort()
  }
  process.on('SIGINT', onSignal).on('SIGTERM', onSignal)
  try {
    const command = commands[name]
    if (command === undefined) {
      const known = Object.keys(commands).join(', ')
      throw new UserError('bad_input', `There is no command "${name}". The commands are: ${known}.`)
    }
    const given = readArguments(rest, command.options, command.files)
    if (given.flag('help')) {
      process.stdout.write(helpOf(name, command))
      return 0
    }
    const watch = {
      onProgress: progress.show,
      onNotice: (text: string): void => {
        progress.clear()
        process.stderr.write(`${text}\n`)
      },
      signal: cancel.signal,
    }
    checkOutputs(given)
    await command.run(given, watch, (text) => {
      progress.clear()
      process.stdout.write(`${text}\n`)
    })
    progress.clear()
    return 0
  } catch (error) {
    progress.clear()
    if (error instanceof Cancelled || cancel.signal.aborted) {
      process.stderr.write(
        'Cancelled. What was finished is kept in the project, if one was named.\n',
      )
      return 130
    }
    const { code, message } = reportError(error)
    process.stderr.write(`${message}\n`)
    if (code !== 'fault') return 2
    if (error instanceof Error && error.stack !== undefined)
      process.stderr.write(`${error.stack}\n`)
    process.stderr.write('This is a fault of the program, not of your input.\n')
    return 1
  } finally {
    process.off('SIGINT', onSignal).off('SIGTERM', onSignal)
  }
}

/** Where results shall go must be known to work before hours are spent on them. */
function checkOutputs(given: Arguments): void {
  const inputs = new Set(given.files.map(callersPath))
  for (const option of ['report', 'json', 'out'] as const) {
    const path = given.text(option)
    if (path === null) continue
    if (inputs.has(callersPath(path))) {
      throw new UserError('bad_input', `--${option} ${path} would overwrite the file to be read.`)
    }
    requireWritable(callersPath(path))
  }
}
