import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import type { Dataset } from '#shared/core/dataset/dataset.ts'
import { findColumn } from '#shared/core/dataset/dataset.ts'
import { findDuplicateSamples } from '#shared/core/dataset/duplicate-samples.ts'
import { profileColumn } from '#shared/core/dataset/profile.ts'
import type { CsvOptions } from '#main/files/csv/csv-types.ts'
import { parseCsvFile } from '#main/files/csv/parse-csv-file.ts'
import type { Checker, GoldenHandlers } from '../handlers.ts'
import { referenceFolder } from '../load.ts'

interface DatasetDescription {
  readonly file: string
  readonly delimiter: string
  readonly target: string
  readonly positive: string
  readonly numeric: readonly string[]
  readonly categorical: readonly string[]
  readonly missing_tokens: readonly string[]
}

interface ExpectedProfile {
  readonly name: string
  readonly kind: string
  readonly missing: number
  readonly distinct: number
  readonly counts?: Readonly<Record<string, number>>
  readonly most_frequent?: readonly (readonly [string, number])[]
}

export const profile: GoldenHandlers = {
  profile: ({ input, expect }, check) => {
    const folder = referenceFolder()!
    const description = describe(folder, input['csv'])
    const path = join(folder, description.file)
    const dataset = parseCsvFile(path, readingAs(description, new Set(description.numeric)))

    check.equal('rows', dataset.nRows, expect['rows'])
    check.equal('columns', dataset.columns.length, expect['columns'])
    const labels = labelsOf(dataset, description)
    check.equal(
      'positives',
      labels.reduce((sum, label) => sum + label, 0),
      expect['positives'],
    )
    for (const expected of expect['column_profiles'] as readonly ExpectedProfile[]) {
      checkColumn(dataset, expected, check)
    }

    // The reference compares the texts of the features, so numbers are read as texts too.
    const texts = parseCsvFile(path, readingAs(description, new Set()))
    const features = [...description.numeric, ...description.categorical].map((name) =>
      findColumn(texts, name)!,
    )
    const duplicates = findDuplicateSamples(features, labels)
    check.equal(
      'feature_duplicates',
      {
        groups: duplicates.groups,
        rows_in_groups: duplicates.samplesInGroups,
        extra_rows: duplicates.extraSamples,
        groups_with_both_labels: duplicates.groupsWithBothLabels,
        rows_in_groups_with_both_labels: duplicates.samplesInGroupsWithBothLabels,
      },
      expect['feature_duplicates'],
    )
  },
}

function describe(folder: string, file: unknown): DatasetDescription {
  const text = readFileSync(join(folder, 'data/datasets.json'), 'utf8')
  const descriptions = JSON.parse(text) as readonly DatasetDescription[]
  const found = descriptions.find((description) => description.file === file)
  if (found === undefined) throw new Error(`datasets.json does not describe ${String(file)}`)
  return found
}

function readingAs(description: DatasetDescription, numeric: ReadonlySet<string>): CsvOptions {
  const path = join(referenceFolder()!, description.file)
  const names = parseCsvFile(path, {
    delimiter: description.delimiter,
    missing: description.missing_tokens,
    ragged: 'refuse',
    kinds: {},
  }).columns.map((column) => column.name)
  return {
    delimiter: description.delimiter,
    missing: description.missing_tokens,
    ragged: 'refuse',
    kinds: Object.fromEntries(
      names.map((name) => [name, numeric.has(name) ? 'numeric' : 'categorical'] as const),
    ),
  }
}

function labelsOf(dataset: Dataset, { target, positive }: DatasetDescription): Uint8Array {
  const column = findColumn(dataset, target)
  if (column?.kind !== 'categorical') throw new Error(`no target ${target}`)
  const code = column.levels.indexOf(positive)
  return Uint8Array.from(column.codes, (value) => (value === code ? 1 : 0))
}

function checkColumn(dataset: Dataset, expected: ExpectedProfile, check: Checker): void {
  const { name } = expected
  const column = findColumn(dataset, name)
  if (column === null) {
    check.equal(`${name}.name`, null, name)
    return
  }
  const got = profileColumn(column)
  check.equal(`${name}.missing`, got.missing, expected.missing)
  check.equal(`${name}.distinct`, got.distinct, expected.distinct)
  if (got.kind === 'numeric') {
    const { spread } = got
    check.close(
      name,
      {
        mean: spread?.mean ?? null,
        sd_ddof1: spread?.standardDeviation ?? null,
        min: spread?.min ?? null,
        q25: spread?.lowerQuartile ?? null,
        median: spread?.median ?? null,
        q75: spread?.upperQuartile ?? null,
        max: spread?.max ?? null,
        zeros: got.zeros,
        negative: got.negative,
        integer: got.integer,
      },
      without(expected, 'name', 'missing', 'distinct', 'kind'),
    )
    return
  }
  if (column.kind !== 'categorical') return
  const counts = column.levels.map((level, code): [string, number] => [level, got.counts[code]!])
  if (expected.counts !== undefined) {
    check.equal(`${name}.counts`, sorted(Object.fromEntries(counts)), sorted(expected.counts))
  }
  if (expected.most_frequent !== undefined) {
    counts.sort(([a, m], [b, n]) => n - m || (a < b ? -1 : 1))
    check.equal(
      `${name}.most_frequent`,
      counts.slice(0, expected.most_frequent.length),
      expected.most_frequent,
    )
  }
}

function without(record: object, ...keys: readonly string[]): Record<string, unknown> {
  return Object.fromEntries(Object.entries(record).filter(([key]) => !keys.includes(key)))
}

/** Counts as [text, count] pairs by text: the order of a record is no part of it. */
function sorted(counts: Readonly<Record<string, number>>): [string, number][] {
  return Object.entries(counts).sort(([a], [b]) => (a < b ? -1 : 1))
}
