/** The trials of a search, as a table. */
import type { RunInsight } from '#shared/contract/decision.ts'
import type { TwinTable } from '../../format/csv.ts'
import { percent, plain, rate } from '../../format/numbers.ts'

type Search = RunInsight['searches'][number]

export interface TrialRow {
  readonly trial: number
  readonly step: number
  /** Of the training samples. */
  readonly share: number
  readonly values: readonly number[]
  readonly value: number | null
  /** The fold was fitted with it. */
  readonly chosen: boolean
}

/** Names of what was searched for, in the order of the trials. */
export function searchedNames({ trials }: Search): readonly string[] {
  return [...new Set(trials.flatMap(({ hyperparameters }) => Object.keys(hyperparameters)))]
}

/** Step by step, the best of each first; what is undefined last. */
export function trialRows(search: Search): readonly TrialRow[] {
  const names = searchedNames(search)
  const lastStep = Math.max(...search.trials.map(({ step }) => step))
  return search.trials
    .map(({ trial, step, share, value, hyperparameters }) => ({
      ...{ trial, step, share, value },
      values: names.map((name) => hyperparameters[name] ?? NaN),
      chosen: trial === search.chosen && step === lastStep,
    }))
    .sort((a, b) => b.step - a.step || (b.value ?? -Infinity) - (a.value ?? -Infinity))
}

export function trialTable(searches: readonly Search[]): TwinTable {
  const names = [...new Set(searches.flatMap(searchedNames))]
  return {
    head: [
      { text: 'Fold', numeric: true },
      { text: 'Trial', numeric: true },
      { text: 'Step', numeric: true },
      { text: 'Share of the cases', numeric: true, format: (value) => percent(value, 0) },
      ...names.map((name) => ({
        text: name,
        numeric: true,
        format: (value: number) => plain(value),
      })),
      { text: 'Value', numeric: true, format: (value) => rate(value, 4) },
      { text: 'Taken' },
    ],
    rows: searches.flatMap((search, fold) =>
      trialRows(search).map(({ trial, step, share, values, value, chosen }) => [
        ...[fold + 1, trial, step + 1, share],
        ...values.map((one) => (Number.isNaN(one) ? null : one)),
        value,
        chosen ? 'yes' : '',
      ]),
    ),
  }
}
