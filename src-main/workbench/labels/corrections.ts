/** From reviews to a new version of the data. */
import type { CorrectedVersion } from '#shared/contract/labels.ts'
import { UserError } from '#shared/contract/errors.ts'
import { correctLabels } from '#shared/core/dataset/correct-labels.ts'
import type { LabelCorrection } from '#shared/core/dataset/correct-labels.ts'
import { findColumn } from '#shared/core/dataset/dataset.ts'
import type { Column, Dataset, Roles } from '#shared/core/dataset/dataset.ts'
import type { Fingerprint } from '../../store/fingerprint.ts'
import type { StoredCorrection } from '../../store/label-corrections.ts'
import { existingVersion } from '../existing-version.ts'
import { bookOf } from './book.ts'
import type { ReviewBook } from './book.ts'
import type { ReviewPorts } from './records.ts'

/** What a corrected version says of how it came about. */
export interface CorrectionRecord {
  readonly roles: Roles
  /** Head of the log of reviews when they were applied. */
  readonly events: number
  readonly hash: string
  readonly toPositive: number
  readonly toNegative: number
  /** The text that stands for a negative that was called positive. */
  readonly negative: string
}

const chunkRows = 16_384

/**
 * Makes a version of what reviewers decided; open and contradicted rows stay as they are.
 *
 * @returns Its id.
 * @throws UserError `dataset_not_found`; `bad_input` when nothing was corrected, a class would be left without rows, or
 *   these corrections have been applied before.
 */
export function applyReviews(
  ports: ReviewPorts,
  versionId: number,
  roles: Roles,
  createFingerprint: () => Fingerprint,
): number {
  const { project } = ports
  const version = existingVersion(project, versionId)
  const table = project.datasets.load(versionId)
  const target = findColumn(table, roles.target)
  if (target === null) {
    throw new UserError('bad_input', `There is no column "${roles.target}".`)
  }
  const { correction, toPositive, toNegative, negative } = correctionOf(
    target,
    roles,
    bookOf(ports, version.fingerprint),
  )
  if (correction.rows.length + correction.excluded.length === 0) {
    throw new UserError(
      'bad_input',
      'No row was relabelled or excluded yet. Review some first; rows that reviewers contradict each other about are settled before they count.',
    )
  }
  const corrected = correctLabels(table, correction)
  const fingerprint = fingerprintOf(corrected, createFingerprint())
  const known = project.datasets.findByFingerprint(fingerprint)
  if (known !== null) {
    throw new UserError(
      'bad_input',
      `These corrections have been applied before: version ${known.number} holds them.`,
    )
  }
  const { events, hash } = project.reviews.head()
  const record: CorrectionRecord = { roles, events, hash, toPositive, toNegative, negative }
  return project.datasets.derive(versionId, correction, { fingerprint, record })
}

function correctionOf(
  target: Column,
  { target: column, positive }: Roles,
  { rows }: ReviewBook,
): {
  readonly correction: LabelCorrection
  readonly toPositive: number
  readonly toNegative: number
  readonly negative: string
} {
  const { positiveValue, negativeValue, negative } = valuesOfClasses(target, positive)
  const valueAt = (row: number): number =>
    target.kind === 'numeric' ? target.values[row]! : target.codes[row]!
  const decided = [...rows.values()].sort((a, b) => a.row - b.row)
  const relabelled = decided.filter(({ verdict }) => verdict === 'relabel').map(({ row }) => row)
  const excluded = decided.filter(({ verdict }) => verdict === 'exclude').map(({ row }) => row)
  const labels = relabelled.map((row) =>
    valueAt(row) === positiveValue ? negativeValue : positiveValue,
  )
  const toPositive = labels.filter((label) => label === positiveValue).length
  return {
    correction: {
      column,
      rows: Int32Array.from(relabelled),
      labels: target.kind === 'numeric' ? Float64Array.from(labels) : Int32Array.from(labels),
      excluded: Int32Array.from(excluded),
    },
    toPositive,
    toNegative: labels.length - toPositive,
    negative,
  }
}

/** How either class is written in the target; the commonest of the other values is the negative. */
function valuesOfClasses(
  target: Column,
  positive: string,
): { readonly positiveValue: number; readonly negativeValue: number; readonly negative: string } {
  const counts = new Map<number, number>()
  const values = target.kind === 'numeric' ? target.values : target.codes
  const positiveValue =
    target.kind === 'numeric' ? Number(positive) : target.levels.indexOf(positive)
  for (const value of values) {
    if (
      value === positiveValue ||
      Number.isNaN(value) ||
      (target.kind === 'categorical' && value < 0)
    ) {
      continue
    }
    counts.set(value, (counts.get(value) ?? 0) + 1)
  }
  const [commonest] = [...counts].sort(([a, n], [b, m]) => m - n || a - b)
  if (commonest === undefined) {
    throw new UserError(
      'bad_input',
      `The target holds "${positive}" only, so there is no class to relabel to.`,
    )
  }
  const [negativeValue] = commonest
  return {
    positiveValue,
    negativeValue,
    negative: target.kind === 'numeric' ? String(negativeValue) : target.levels[negativeValue]!,
  }
}

function fingerprintOf({ nRows, columns }: Dataset, fingerprint: Fingerprint): string {
  for (let start = 0; start < nRows; start += chunkRows) {
    fingerprint.append(
      columns.map((column) =>
        column.kind === 'numeric'
          ? { kind: column.kind, values: column.values.slice(start, start + chunkRows) }
          : { kind: column.kind, codes: column.codes.slice(start, start + chunkRows) },
      ),
    )
  }
  return fingerprint.finish(
    columns.map((column) =>
      column.kind === 'numeric'
        ? { name: column.name, kind: column.kind }
        : { name: column.name, kind: column.kind, levels: column.levels },
    ),
  )
}

export function correctionRecord({ record }: StoredCorrection): CorrectionRecord {
  return record as CorrectionRecord
}

export function correctedVersion(
  { project }: ReviewPorts,
  correction: StoredCorrection,
): CorrectedVersion {
  const version = project.datasets.get(correction.versionId)!
  return {
    versionId: correction.versionId,
    number: version.number,
    baseVersionId: correction.baseVersionId,
    relabelled: correction.rows.length,
    excluded: correction.excluded.length,
    createdAt: version.createdAt,
  }
}

/** Corrections that were made from a version, newest first. */
export function correctionsFrom({ project }: ReviewPorts, versionId: number): StoredCorrection[] {
  return project.datasets
    .list()
    .flatMap(({ id }) => project.datasets.correction(id) ?? [])
    .filter(({ baseVersionId }) => baseVersionId === versionId)
    .reverse()
}
