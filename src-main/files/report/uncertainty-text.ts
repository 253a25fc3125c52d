import type { DoubtedInput } from '#shared/core/decision/uncertainty.ts'
import { amountText, percentText } from './number-text.ts'

const INPUTS: Readonly<Record<DoubtedInput['input'], string>> = {
  falseNegative: 'Cost of a miss',
  falsePositive: 'Cost of a false alarm',
  truePositive: 'Cost of a catch',
  trueNegative: 'Cost of a right pass',
  prevalence: 'Prevalence',
}

export function inputText(input: DoubtedInput['input']): string {
  return INPUTS[input]
}

/** A value of what is in doubt: a share where that is the prevalence, else an amount. */
export function doubtedText(
  { input }: Pick<DoubtedInput, 'input'>,
  value: number,
  currency: string | null,
): string {
  return input === 'prevalence' ? percentText(value) : amountText(value, { currency })
}
