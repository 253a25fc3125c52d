import type { GuardrailHistory } from '#shared/core/guardrails/guardrail.ts'

import type { Connection } from './connection.ts'
import { toJson } from './json.ts'

/** A reason that a person has given for passing over a guardrail. */
export interface StoredAcknowledgement {
  readonly experimentId: number
  /** Id of the guardrail. */
  readonly guardrail: string
  /** The message that was answered. */
  readonly finding: string
  readonly reason: string
  readonly createdAt: string
}

export type NewAcknowledgement = Pick<StoredAcknowledgement, 'guardrail' | 'finding' | 'reason'>

/** What guardrails were told and answered. Everything is on disk when a function returns. */
export interface GuardrailStore {
  /** Keeps what the project knew when an experiment was ordered, and adds the answers given. */
  save(
    experimentId: number,
    history: GuardrailHistory,
    answers: readonly NewAcknowledgement[],
  ): void
  /** Null for experiments of versions without guardrails. */
  history(experimentId: number): GuardrailHistory | null
  /** On experiments with a version of the data, oldest first. */
  acknowledgements(versionId: number): readonly StoredAcknowledgement[]
}

export function createGuardrailStore(connection: Connection): GuardrailStore {
  const { database } = connection
  const updateHistory = database.prepare<[string, number]>(
    'UPDATE experiments SET guardrail_history = ? WHERE id = ?',
  )
  const insertAnswer = database.prepare<[number, string, string, string, string]>(
    `INSERT INTO acknowledgements (experiment_id, guardrail, finding, reason, created_at)
    VALUES (?, ?, ?, ?, ?)`,
  )
  const selectHistory = database
    .prepare<[number], string | null>('SELECT guardrail_history FROM experiments WHERE id = ?')
    .pluck()
  const selectAnswers = database.prepare<[number], StoredAcknowledgement>(
    `SELECT experiment_id AS experimentId, guardrail, finding, reason,
      acknowledgements.created_at AS createdAt
    FROM acknowledgements JOIN experiments ON experiments.id = experiment_id
    WHERE dataset_version_id = ? ORDER BY acknowledgements.id`,
  )
  return {
    save(experimentId, history, answers) {
      connection.writeDurably(() => {
        updateHistory.run(toJson(history, 'guardrail history'), experimentId)
        const now = new Date().toISOString()
        for (const { guardrail, finding, reason } of answers) {
          insertAnswer.run(experimentId, guardrail, finding, reason, now)
        }
      })
    },

    history: (experimentId) =>
      connection.read(() => {
        const text = selectHistory.get(experimentId) ?? null
        return text === null ? null : (JSON.parse(text) as GuardrailHistory)
      }),

    acknowledgements: (versionId) => connection.read(() => selectAnswers.all(versionId)),
  }
}
