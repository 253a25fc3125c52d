/** The options of the command line: one table that parsing and help are made from. */
import { parseArgs } from 'node:util'
import { UserError } from '#shared/contract/errors.ts'

interface OptionSpec {
  readonly value: string | null
  readonly help: string
}

/** Every option of every command; `value` null marks a flag. */
export const optionTable = {
  target: { value: 'COLUMN', help: 'column to predict' },
  positive: { value: 'VALUE', help: 'value of the target that is the positive class' },
  ignore: { value: 'COLUMN,…', help: 'columns that models may not see' },
  id: { value: 'COLUMN', help: 'identifier of a case; not a feature' },
  time: { value: 'COLUMN', help: 'time of a case; not a feature' },
  group: { value: 'COLUMN', help: 'cases with one value here stay in one fold' },
  amount: { value: 'COLUMN', help: 'money at stake in a case' },
  weight: { value: 'COLUMN', help: 'weight of a case, from 0; not a feature' },
  roles: { value: 'FILE', help: 'all of the above from a JSON file' },
  missing: { value: 'TEXT,…', help: 'texts that stand for a missing value' },
  delimiter: { value: 'CHARACTER', help: 'between the cells of a row (inferred)' },
  ragged: { value: 'skip|pad', help: 'what to do with rows of another length (refuse the file)' },
  'cost-fn': { value: 'NUMBER|COLUMN', help: 'cost of a missed positive' },
  'cost-fp': { value: 'NUMBER|COLUMN', help: 'cost of a false alarm' },
  'cost-tp': { value: 'NUMBER|COLUMN', help: 'cost of a caught positive (0); a gain is negative' },
  'cost-tn': { value: 'NUMBER|COLUMN', help: 'cost of a negative left alone (0)' },
  'cases-per-day': { value: 'NUMBER', help: 'cases that arrive per day' },
  capacity: { value: 'NUMBER', help: 'most alerts per day that can be worked' },
  'review-minutes': { value: 'NUMBER', help: 'minutes that reviewing an alert takes' },
  'review-hours': {
    value: 'NUMBER',
    help: 'most hours per day for all reviews; beside --capacity the tighter binds',
  },
  commitment: {
    value: "'recall>=0.85'",
    help: 'what the decision promises; or precision>=…; both by giving it again',
  },
  prevalence: { value: 'NUMBER', help: 'share of positives where decisions will be taken' },
  currency: { value: 'SYMBOL', help: 'what amounts are shown with, like € or CHF (bare numbers)' },
  folds: { value: 'FILE', help: 'CSV with a column "fold", one row per case (drawn by seed)' },
  split: { value: 'time', help: 'judge on later cases than those of training; or stratified' },
  'gap-days': {
    value: 'NUMBER',
    help: 'days between training and what is judged; needs --split time',
  },
  'labels-mature-after': {
    value: 'DAYS',
    help: 'days after which a negative is known to be one: younger cases are unknown',
  },
  'time-unit': { value: 'second|minute|hour|day', help: 'what a numeric time column counts (day)' },
  'keep-duplicates-together': { value: null, help: 'equal cases stay in one fold' },
  'test-share': { value: 'NUMBER', help: 'share of the cases to lock away for `final-test`' },
  'split-repeats': {
    value: 'NUMBER',
    help: 'times that folds are drawn anew for the champion (1)',
  },
  'calibration-share': {
    value: 'NUMBER',
    help: 'share of the cases that nothing sees, to promise a threshold on',
  },
  run: { value: 'NAME', help: 'configuration to use (the recommended one)' },
  threshold: {
    value: 'NUMBER',
    help: 'from which probability on to alert (the kept or tuned one)',
  },
  reason: { value: 'TEXT', help: 'why the locked test set is opened; kept with its date' },
  plan: { value: 'FILE', help: 'what to run, as `plan --default` prints it' },
  ack: {
    value: "G21='reason'",
    help: 'why a guardrail that asks need not hold; may be given again',
  },
  project: { value: 'FILE', help: 'project file to work in (a temporary one)' },
  name: { value: 'NAME', help: 'name of the dataset or experiment' },
  experiment: { value: 'NAME', help: 'experiment to show, or to go on with (the latest)' },
  dataset: { value: 'NAME', help: 'dataset of the project to use (the latest)' },
  report: { value: 'FILE.html', help: 'write the report for stakeholders' },
  tables: { value: 'FOLDER', help: 'write every table of the report as CSV' },
  json: { value: 'FILE.json', help: 'write results and facts of the execution' },
  seed: { value: 'NUMBER', help: 'start of every random draw (1)' },
  workers: { value: 'NUMBER', help: 'threads to use (one per processor)' },
  'memory-cap': {
    value: 'SIZE',
    help: 'most memory to use, like 800M or 4G (70 % of the machine)',
  },
  repeats: { value: 'NUMBER', help: 'times that every model is fitted, on folds of its own (3)' },
  kind: {
    value: 'KIND',
    help: 'order of the queue: suspicion, money, disagreement, control, … (suspicion)',
  },
  size: { value: 'NUMBER', help: 'most rows of the queue (200)' },
  random: { value: 'PERCENT', help: 'share of the queue that is drawn at random (15)' },
  queue: { value: 'NUMBER', help: 'queue of the project, as `verdicts` lists them (the latest)' },
  'with-reviews': {
    value: null,
    help: 'also what was decided, which a second reviewer should not know',
  },
  audit: { value: null, help: 'test the signals on labels that are turned round for it' },
  rows: { value: 'NUMBER', help: 'rows to make (20000)' },
  out: { value: 'FILE', help: 'where to write it' },
  default: { value: null, help: 'print the plan that is used when none is given' },
  help: { value: null, help: 'show this help' },
} as const satisfies Record<string, OptionSpec>

/** `800M`, `4 GB`, `1.5GiB`, `1000000`. */
const sizePattern = /^\s*(\d+(?:\.\d+)?)\s*([kmgt]?)(i?)b?\s*$/i

/** Options that may be given again. */
const repeatable: ReadonlySet<OptionName> = new Set(['ack', 'commitment'])

export type OptionName = keyof typeof optionTable

export interface Arguments {
  /** What stands without an option, in order. */
  readonly files: readonly string[]
  text(name: OptionName): string | null
  /** Every value of an option that may be given again, in order. */
  all(name: OptionName): readonly string[]
  /** A finite number. */
  number(name: OptionName): number | null
  /** A whole number of at least `least`. */
  whole(name: OptionName, least: number): number | null
  /** A number of bytes, given like `500M`, `4G` or `1.5 GB`; a unit is 1000 of the one before. */
  bytes(name: OptionName): number | null
  /** Parts between commas; blanks around them belong to them. */
  list(name: OptionName): readonly string[] | null
  flag(name: OptionName): boolean
}

/**
 * Reads the arguments of one command.
 *
 * @param allowed Options that this command has.
 * @param nFiles  How many arguments without an option it takes, and what they are called.
 * @throws UserError `bad_input` naming the option.
 */
export function readArguments(
  args: readonly string[],
  allowed: readonly OptionName[],
  files: readonly string[],
): Arguments {
  const options = Object.fromEntries(
    allowed.map((name) => [
      name,
      repeatable.has(name)
        ? { type: 'string' as const, multiple: true as const }
        : { type: optionTable[name].value === null ? ('boolean' as const) : ('string' as const) },
    ]),
  )
  let parsed: ReturnType<typeof parseArgs>
  try {
    parsed = parseArgs({ args: joinNegative(args), options, allowPositionals: true })
  } catch (error) {
    throw new UserError('bad_input', `${(error as Error).message.split('. To ')[0]!}.`)
  }
  const { positionals } = parsed
  const values = parsed.values as Readonly<
    Record<string, string | boolean | readonly (string | boolean)[] | undefined>
  >
  if (positionals.length > files.length) {
    throw new UserError('bad_input', `"${positionals[files.length]!}" is one argument too many.`)
  }
  const lacking = files[positionals.length]
  if (lacking !== undefined && values['help'] !== true) {
    throw new UserError('bad_input', `${lacking} is missing.`)
  }
  const text = (name: OptionName): string | null => {
    const value = values[name]
    return typeof value === 'string' ? value : null
  }
  const number = (name: OptionName): number | null => {
    const given = text(name)
    if (given === null) return null
    const value = given.trim() === '' ? NaN : Number(given)
    if (!Number.isFinite(value)) {
      throw new UserError('bad_input', `--${name} must be a number, got "${given}".`)
    }
    return value
  }
  return {
    files: positionals,
    text,
    all: (name) => {
      const value = values[name]
      return Array.isArray(value) ? value.map(String) : []
    },
    number,
    whole(name, least) {
      const value = number(name)
      if (value !== null && !(Number.isSafeInteger(value) && value >= least)) {
        throw new UserError(
          'bad_input',
          `--${name} must be a whole number from ${least}, got ${value}.`,
        )
      }
      return value
    },
    bytes(name) {
      const given = text(name)
      if (given === null) return null
      const [, amount, unit = '', binary] = sizePattern.exec(given) ?? []
      const power = unit === '' ? 0 : 1 + 'kmgt'.indexOf(unit.toLowerCase())
      const value = Number(amount) * (binary === '' ? 1000 : 1024) ** power
      if (!(value >= 1)) {
        throw new UserError(
          'bad_input',
          `--${name} must be a size like 800M or 4G, got "${given}".`,
        )
      }
      return value
    },
    list: (name) => text(name)?.split(',') ?? null,
    flag: (name) => values[name] === true,
  }
}

/** `--cost-tp -5` is meant as a value, though it begins like an option. */
function joinNegative(args: readonly string[]): string[] {
  const joined: string[] = []
  for (const arg of args) {
    const last = joined.at(-1)
    const isNegativeNumber = /^-\.?\d/.test(arg)
    if (isNegativeNumber && last !== undefined && /^--[a-z-]+$/.test(last)) {
      joined[joined.length - 1] = `${last}=${arg}`
    } else joined.push(arg)
  }
  return joined
}
