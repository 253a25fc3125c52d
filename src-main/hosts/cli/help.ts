import type { Command } from './commands.ts'
import { commands } from './commands.ts'
import { optionTable } from './options.ts'
import type { OptionName } from './options.ts'

/** All commands, a line each. */
export function overview(): string {
  const width = Math.max(...Object.keys(commands).map((name) => name.length))
  const lines = Object.entries(commands).map(
    ([name, { summary }]) => `  ${name.padEnd(width)}  ${summary}`,
  )
  return [
    'Steelyard: what to do about class imbalance, decided by money and cases.',
    '',
    'steelyard COMMAND …',
    '',
    ...lines,
    '',
    '`steelyard COMMAND --help` tells its options.',
    '',
  ].join('\n')
}

/** One command with all its options. */
export function helpOf(name: string, command: Command): string {
  const usage = [
    'steelyard',
    name,
    ...command.files,
    ...command.required.map((option) => spelled(option)),
    ...(command.options.length > command.required.length ? ['[options]'] : []),
  ]
  const shown = command.options.filter((option) => option !== 'help')
  const width = Math.max(...shown.map((option) => spelled(option).length))
  return [
    usage.join(' '),
    '',
    `  ${command.summary}`,
    '',
    ...shown.map((option) => `  ${spelled(option).padEnd(width)}  ${optionTable[option].help}`),
    '',
  ].join('\n')
}

function spelled(option: OptionName): string {
  const { value } = optionTable[option]
  return value === null ? `--${option}` : `--${option} ${value}`
}
