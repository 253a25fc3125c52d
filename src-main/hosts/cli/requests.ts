/** From options to requests of the workbench. */
import { readFileSync } from 'node:fs'
import { isAbsolute, resolve } from 'node:path'
import { UserError } from '#shared/contract/errors.ts'
import { parsePlan, parseRoles } from '#shared/contract/schemas.ts'
import type { Roles } from '#shared/core/dataset/dataset.ts'
import type { Commitment, CostSource } from '#shared/core/frame/frame.ts'
import { committedRate, withCommitment } from '#shared/core/frame/limits.ts'
import { defaultPlan } from '#shared/core/plan/default-plan.ts'
import type { Plan, ValidationChoice } from '#shared/core/plan/plan.ts'
import type { Acknowledgement } from '#shared/core/guardrails/judge-guardrails.ts'
import { guardrails } from '#shared/core/guardrails/judge-guardrails.ts'
import type { CsvOptions } from '../../files/csv/csv-types.ts'
import type { ExperimentOrder } from '../../workbench/workbench.ts'
import type { Arguments, OptionName } from './options.ts'

export const csvOptionNames: readonly OptionName[] = ['missing', 'delimiter', 'ragged']
export const roleOptionNames: readonly OptionName[] = [
  'target',
  'positive',
  'ignore',
  'id',
  'time',
  'group',
  'amount',
  'weight',
  'roles',
]
export const frameOptionNames: readonly OptionName[] = [
  'cost-fn',
  'cost-fp',
  'cost-tp',
  'cost-tn',
  'cases-per-day',
  'capacity',
  'review-minutes',
  'review-hours',
  'commitment',
  'prevalence',
  'currency',
]

/** npm starts scripts in the folder of the package; paths are meant from where the user stands. */
export function callersPath(path: string): string {
  return isAbsolute(path) ? path : resolve(process.env['INIT_CWD'] ?? process.cwd(), path)
}

/** The text of a file that an option names. */
function readText(path: string, option: OptionName): string {
  try {
    return readFileSync(callersPath(path), 'utf8')
  } catch (error) {
    throw new UserError(
      'bad_input',
      `--${option} ${path} can't be read: ${(error as Error).message}.`,
    )
  }
}

export function csvOptions(given: Arguments): CsvOptions {
  const delimiter = given.text('delimiter')
  const character = delimiter === '\\t' || delimiter === 'tab' ? '\t' : delimiter
  if (character !== null && character.length !== 1) {
    throw new UserError('bad_input', `--delimiter must be one character, got "${character}".`)
  }
  const ragged = given.text('ragged') ?? 'refuse'
  if (ragged !== 'refuse' && ragged !== 'skip' && ragged !== 'pad') {
    throw new UserError('bad_input', `--ragged must be skip or pad, got "${ragged}".`)
  }
  return { delimiter: character, missing: given.list('missing'), ragged, kinds: {} }
}

/** @param positiveElse What the positive class is where neither option nor file says. */
export function rolesOf(
  given: Arguments,
  positiveElse: () => string | undefined = () => undefined,
): Roles {
  const file = given.text('roles')
  const base = file === null ? null : parseRoles(readText(file, 'roles'), file)
  const target = given.text('target') ?? base?.target
  const positive = given.text('positive') ?? base?.positive ?? positiveElse()
  if (target === undefined) throw new UserError('bad_input', '--target COLUMN is missing.')
  if (positive === undefined) throw new UserError('bad_input', '--positive VALUE is missing.')
  const column = (role: 'id' | 'time' | 'group' | 'amount' | 'weight'): string | null =>
    given.text(role) ?? base?.[role] ?? null
  return {
    target,
    positive,
    id: column('id'),
    time: column('time'),
    group: column('group'),
    amount: column('amount'),
    weight: column('weight'),
    ignore: given.list('ignore') ?? base?.ignore ?? [],
  }
}

export function frameOf(given: Arguments): ExperimentOrder['frame'] {
  const cost = (name: 'cost-fn' | 'cost-fp' | 'cost-tp' | 'cost-tn'): CostSource | null => {
    const text = given.text(name)
    if (text === null) return null
    const number = text.trim() === '' ? NaN : Number(text)
    return Number.isNaN(number) ? { column: text } : number
  }
  const falseNegative = cost('cost-fn')
  const falsePositive = cost('cost-fp')
  const truePositive = cost('cost-tp')
  const trueNegative = cost('cost-tn')
  const stated = [falseNegative, falsePositive, truePositive, trueNegative].some((c) => c !== null)
  if (stated && (falseNegative === null || falsePositive === null)) {
    const lacking = falseNegative === null ? '--cost-fn' : '--cost-fp'
    throw new UserError(
      'bad_input',
      `${lacking} is missing: state what both errors cost, or no cost at all.`,
    )
  }
  return {
    costs:
      falseNegative === null || falsePositive === null
        ? null
        : {
            falseNegative,
            falsePositive,
            truePositive: truePositive ?? 0,
            trueNegative: trueNegative ?? 0,
          },
    casesPerDay: given.number('cases-per-day'),
    capacity: given.number('capacity'),
    ...reviewOf(given),
    prevalence: given.number('prevalence'),
    commitments: commitmentsOf(given.all('commitment')),
    currency: currencyOf(given.text('currency')),
  }
}

function currencyOf(text: string | null): string | null {
  const symbol = text?.trim() ?? ''
  if (symbol.length <= 8) return symbol === '' ? null : symbol
  throw new UserError('bad_input', `--currency must have at most 8 characters, got "${symbol}".`)
}

/** How long reviews take and may take. Minutes alone say what alerts take; hours alone say nothing. */
function reviewOf(
  given: Arguments,
): Pick<ExperimentOrder['frame'], 'minutesPerAlert' | 'reviewHoursPerDay'> {
  const minutes = given.number('review-minutes')
  const hours = given.number('review-hours')
  for (const [option, value] of [
    ['--review-minutes', minutes],
    ['--review-hours', hours],
  ] as const) {
    if (value !== null && !(value > 0)) {
      throw new UserError('bad_input', `${option} must be above 0, got ${value}.`)
    }
  }
  if (hours !== null && minutes === null) {
    throw new UserError(
      'bad_input',
      `--review-hours ${hours} says nothing without --review-minutes: how long reviewing an alert takes.`,
    )
  }
  if (hours !== null && given.number('cases-per-day') === null) {
    throw new UserError(
      'bad_input',
      `--review-hours ${hours} says nothing without --cases-per-day: how many cases arrive.`,
    )
  }
  return { minutesPerAlert: minutes, reviewHoursPerDay: hours }
}

/** `recall>=0.85`, given once for each measure, or both in one text with a comma between. */
function commitmentsOf(texts: readonly string[]): readonly Commitment[] {
  let commitments: readonly Commitment[] = []
  for (const text of texts) {
    for (const part of text.split(',')) {
      const match = /^\s*(recall|precision)\s*>=\s*([0-9.eE+-]+)\s*$/.exec(part)
      const atLeast = Number(match?.[2])
      if (match === null || Number.isNaN(atLeast)) {
        throw new UserError(
          'bad_input',
          `--commitment must read like 'recall>=0.85' or 'precision>=0.5', got "${text}".`,
        )
      }
      const measure = match[1] === 'recall' ? 'recall' : 'precision'
      if (committedRate(commitments, measure) !== null) {
        throw new UserError(
          'bad_input',
          `--commitment names ${measure} twice. Give the one that is to be kept.`,
        )
      }
      commitments = withCommitment(commitments, measure, atLeast)
    }
  }
  return commitments
}

export function planOf(given: Arguments): Plan {
  const file = given.text('plan')
  const plan = file === null ? defaultPlan() : parsePlan(readText(file, 'plan'), file)
  const validation = validationOf(given, plan.validation)
  if (validation !== undefined && given.text('folds') !== null) {
    throw new UserError(
      'bad_input',
      'The folds come from a file (--folds), and the plan has a validation of its own. Leave one of them out.',
    )
  }
  return validation === undefined ? plan : { ...plan, validation }
}

export const validationOptionNames: readonly OptionName[] = [
  'split',
  'gap-days',
  'labels-mature-after',
  'time-unit',
  'keep-duplicates-together',
  'test-share',
  'calibration-share',
  'split-repeats',
]

/** What options say of the validation goes before what the plan says. */
function validationOf(
  given: Arguments,
  stated: ValidationChoice | undefined,
): ValidationChoice | undefined {
  const scheme = oneOf(given, 'split', ['stratified', 'time'])
  const timeUnit = oneOf(given, 'time-unit', ['second', 'minute', 'hour', 'day'])
  const gapDays = given.number('gap-days')
  const labelsMatureAfterDays = given.number('labels-mature-after')
  const finalTestShare = given.number('test-share')
  const calibrationShare = given.number('calibration-share')
  const repeats = given.whole('split-repeats', 1)
  const said: Partial<ValidationChoice> = {
    ...(scheme === null ? {} : { scheme }),
    ...(gapDays === null ? {} : { gapDays }),
    ...(labelsMatureAfterDays === null ? {} : { labelsMatureAfterDays }),
    ...(timeUnit === null ? {} : { timeUnit }),
    ...(given.flag('keep-duplicates-together') ? { keepDuplicatesTogether: true } : {}),
    ...(finalTestShare === null ? {} : { finalTestShare }),
    ...(calibrationShare === null ? {} : { calibrationShare }),
    ...(repeats === null ? {} : { repeats }),
  }
  if (Object.keys(said).length === 0) return stated
  return { scheme: 'stratified', ...stated, ...said }
}

function oneOf<Choice extends string>(
  given: Arguments,
  option: OptionName,
  choices: readonly Choice[],
): Choice | null {
  const text = given.text(option)
  if (text === null) return null
  const found = choices.find((choice) => choice === text)
  if (found !== undefined) return found
  throw new UserError('bad_input', `--${option} must be ${choices.join(' or ')}, got "${text}".`)
}

/** The reasons given with `--ack G21='reason'`. */
export function acknowledgementsOf(given: Arguments): readonly Acknowledgement[] {
  return given.all('ack').map((text) => {
    const match = /^\s*(G\d\d)\s*=(.*)$/is.exec(text)
    const guardrail = match?.[1]?.toUpperCase()
    const reason = match?.[2]?.trim() ?? ''
    if (guardrail === undefined || reason === '') {
      throw new UserError('bad_input', `--ack must read like G21='reason', got "${text}".`)
    }
    const known = guardrails.find(({ id }) => id === guardrail)
    if (known === undefined) {
      throw new UserError('bad_input', `--ack ${guardrail}: there is no such guardrail.`)
    }
    if (known.kind === 'block') {
      throw new UserError(
        'bad_input',
        `--ack ${guardrail}: this guardrail can't be passed over. ${known.reason}`,
      )
    }
    return { guardrail, reason }
  })
}
