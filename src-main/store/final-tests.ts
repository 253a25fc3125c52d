import type { FinalTest } from '#shared/core/pipeline/final-test.ts'

import type { Connection } from './connection.ts'
import { toJson } from './json.ts'

/** An opening of a test set that had been locked away. */
export interface StoredOpening {
  readonly id: number
  readonly experimentId: number
  readonly configuration: string
  readonly threshold: number
  readonly reason: string
  readonly result: FinalTest
  readonly createdAt: string
}

/** Openings are counted for good: nothing takes one back. */
export interface FinalTestStore {
  /** On disk when it returns. */
  add(opening: Omit<StoredOpening, 'id' | 'createdAt'>): void
  /** Of the experiments on a version of the data, oldest first. */
  list(versionId: number): readonly StoredOpening[]
}

interface Row extends Omit<StoredOpening, 'result'> {
  readonly result: string
}

export function createFinalTestStore(connection: Connection): FinalTestStore {
  const { database } = connection
  const insert = database.prepare<[number, string, number, string, string, string]>(
    `INSERT INTO test_openings (experiment_id, configuration_name, threshold, reason, result, created_at)
    VALUES (?, ?, ?, ?, ?, ?)`,
  )
  const select = database.prepare<[number], Row>(
    `SELECT test_openings.id, experiment_id AS experimentId, configuration_name AS configuration,
      threshold, reason, result, test_openings.created_at AS createdAt
    FROM test_openings JOIN experiments ON experiments.id = experiment_id
    WHERE dataset_version_id = ? ORDER BY test_openings.id`,
  )
  return {
    add({ experimentId, configuration, threshold, reason, result }) {
      connection.writeDurably(() => {
        // The threshold has a column of its own, because it may be infinite, which JSON cannot say.
        const text = toJson({ ...result, threshold: null }, 'final test')
        insert.run(experimentId, configuration, threshold, reason, text, new Date().toISOString())
      })
    },

    list: (versionId) =>
      connection.read(() =>
        select.all(versionId).map(({ result, ...row }) => ({
          ...row,
          result: { ...(JSON.parse(result) as FinalTest), threshold: row.threshold },
        })),
      ),
  }
}
