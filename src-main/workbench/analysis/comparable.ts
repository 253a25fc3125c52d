/** Whether runs were judged on the same cases by the same rules: else a difference means nothing. */
import { UserError } from '#shared/contract/errors.ts'
import { commitmentsText } from '#shared/core/frame/limits.ts'
import type { DatasetVersion } from '../../store/datasets.ts'
import type { Experiment } from '../../store/experiments.ts'
import type { StoredRun } from './stored-run.ts'

/**
 * @throws UserError `bad_input` naming the first run that differs from the champion, in what, and
 *   what would make it comparable; or a run that is there twice.
 */
export function requireComparable(
  runs: readonly StoredRun[],
  versionOf: (versionId: number) => DatasetVersion | null,
): void {
  const [champion, ...others] = runs
  const seen = new Set<string>()
  for (const { reference } of runs) {
    const key = JSON.stringify([reference.experimentId, reference.name])
    if (seen.has(key)) {
      throw new UserError(
        'bad_input',
        `"${reference.name}" is there twice. Compare it with others.`,
      )
    }
    seen.add(key)
  }
  for (const { reference, experiment } of others) {
    if (experiment.id === champion!.experiment.id) continue
    const found = differenceOf(champion!.experiment, experiment, versionOf)
    if (found === null) continue
    const { how, again } = found
    throw new UserError(
      'bad_input',
      `"${reference.name}" of "${experiment.name}" was judged ${how}, so the difference to "${champion!.reference.name}" means nothing. Run it again ${again}.`,
    )
  }
}

function differenceOf(
  wanted: Experiment,
  got: Experiment,
  versionOf: (versionId: number) => DatasetVersion | null,
): { readonly how: string; readonly again: string } | null {
  const [data, otherData] = [wanted, got].map(({ datasetVersionId }) => versionOf(datasetVersionId))
  if (data?.fingerprint !== otherData?.fingerprint) {
    const text = (version: DatasetVersion | null | undefined): string =>
      version === null || version === undefined
        ? 'unknown'
        : `${version.name}, version ${version.number}`
    return {
      how: `on other data (${text(otherData)} instead of ${text(data)})`,
      again: `on ${text(data)}`,
    }
  }
  const role = firstDifference({ ...wanted.roles }, { ...got.roles })
  if (role !== null) {
    return { how: `with other roles (${role})`, again: 'with the same roles' }
  }
  const frame = firstDifference(frameParts(wanted), frameParts(got))
  if (frame !== null) {
    return { how: `in another decision frame (${frame})`, again: 'in the same frame' }
  }
  if (wanted.plan.folds !== got.plan.folds) {
    return {
      how: `on other folds (${got.plan.folds} instead of ${wanted.plan.folds})`,
      again: `on ${wanted.plan.folds} folds`,
    }
  }
  if (wanted.seed !== got.seed) {
    return {
      how: `on other folds (seed ${got.seed} instead of ${wanted.seed})`,
      again: `with seed ${wanted.seed}`,
    }
  }
  const sameFolds =
    wanted.folds.length === got.folds.length &&
    wanted.folds.every((fold, i) => fold === got.folds[i])
  return sameFolds ? null : { how: 'on other folds', again: 'on the same folds' }
}

type Parts = Readonly<Record<string, string | number | null | readonly string[]>>

function frameParts({ frame }: Experiment): Parts {
  const { costs, costsAssumed, commitments, ...rest } = frame
  return {
    costs: costsAssumed ? 'assumed' : 'stated',
    ...(costsAssumed
      ? {}
      : {
          'cost of a caught positive': costText(costs.truePositive),
          'cost of a false alarm': costText(costs.falsePositive),
          'cost of a negative left alone': costText(costs.trueNegative),
          'cost of a miss': costText(costs.falseNegative),
        }),
    'cases per day': rest.casesPerDay,
    capacity: rest.capacity,
    'minutes per alert': rest.reviewHoursPerDay === null ? null : rest.minutesPerAlert,
    'review hours': rest.reviewHoursPerDay,
    prevalence: rest.prevalence,
    currency: costsAssumed ? null : rest.currency,
    commitment: commitmentsText(commitments),
  }
}

function costText(cost: Experiment['frame']['costs']['truePositive']): string {
  return typeof cost === 'number' ? String(cost) : `column ${cost.column}`
}

/** `capacity 40 instead of none` of the first entry that differs; null when all agree. */
function firstDifference(wanted: Parts, got: Parts): string | null {
  const text = (value: Parts[string] | undefined): string => {
    if (value === null || value === undefined) return 'none'
    if (typeof value !== 'object') return String(value)
    return value.length === 0 ? 'nothing' : value.toSorted().join(', ')
  }
  const key = [...new Set([...Object.keys(wanted), ...Object.keys(got)])].find(
    (name) => text(wanted[name]) !== text(got[name]),
  )
  return key === undefined
    ? null
    : `${key} ${text(got[key])} instead of ${text(wanted[key])}`.slice(0, 300)
}
