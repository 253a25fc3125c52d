import type { Connection } from './connection.ts'
import { toJson } from './json.ts'
import { ProjectError } from './project-error.ts'

/** A change of a frame that was locked. */
export interface FrameChange {
  readonly before: unknown
  readonly after: unknown
  readonly reason: string
  readonly createdAt: string
}

export interface StoredOperatingPoint {
  readonly id: number
  readonly experimentId: number
  /** Name of the configuration in the plan. */
  readonly configuration: string
  /** May be infinite, which alerts nobody. */
  readonly threshold: number
  readonly reason: string
  readonly createdAt: string
}

/** What a person has chosen and decided. Everything is on disk when a function returns. */
export interface WorkspaceStore {
  /** The dataset version that is worked on: the one selected last, or the latest; null: none. */
  selected(): number | null
  /** @throws ProjectError `dataset_not_found`. */
  select(versionId: number): void
  /** As it was given to `saveDraft`; null when none was saved. */
  draft(versionId: number): unknown
  /**
   * Replaces the draft of a version and, in the same transaction, notes a change of its frame.
   *
   * @throws ProjectError `dataset_not_found`.
   */
  saveDraft(
    versionId: number,
    draft: unknown,
    change: Pick<FrameChange, 'before' | 'after' | 'reason'> | null,
  ): void
  /** Oldest first. */
  frameChanges(versionId: number): readonly FrameChange[]
  /** @throws ProjectError `experiment_not_found` when there is no such run. */
  keep(experimentId: number, configuration: string, threshold: number, reason: string): number
  /** Of the experiments on a version, oldest first. */
  kept(versionId: number): readonly StoredOperatingPoint[]
}

export function createWorkspaceStore(connection: Connection): WorkspaceStore {
  const { database, file } = connection
  const selectVersion = database
    .prepare<[number], number>(`SELECT id FROM dataset_versions WHERE id = ? AND state = 'ready'`)
    .pluck()
  const selectSelected = database
    .prepare<[], number | null>(
      `SELECT coalesce((SELECT dataset_version_id FROM workspace),
        (SELECT max(id) FROM dataset_versions WHERE state = 'ready'))`,
    )
    .pluck()
  const upsertSelected = database.prepare<[number]>(
    `INSERT INTO workspace (id, dataset_version_id) VALUES (1, ?)
    ON CONFLICT (id) DO UPDATE SET dataset_version_id = excluded.dataset_version_id`,
  )
  const selectDraft = database
    .prepare<[number], string>('SELECT draft FROM drafts WHERE dataset_version_id = ?')
    .pluck()
  const upsertDraft = database.prepare<[number, string, string]>(
    `INSERT INTO drafts (dataset_version_id, draft, saved_at) VALUES (?, ?, ?)
    ON CONFLICT (dataset_version_id) DO UPDATE
      SET draft = excluded.draft, saved_at = excluded.saved_at`,
  )
  const insertChange = database.prepare<[number, string, string, string, string]>(
    `INSERT INTO frame_changes (dataset_version_id, before, after, reason, created_at)
    VALUES (?, ?, ?, ?, ?)`,
  )
  const selectChanges = database.prepare<
    [number],
    { before: string; after: string; reason: string; created_at: string }
  >(
    `SELECT before, after, reason, created_at FROM frame_changes
    WHERE dataset_version_id = ? ORDER BY id`,
  )
  const selectRun = database
    .prepare<[number, string], number>(
      'SELECT id FROM runs WHERE experiment_id = ? AND configuration_name = ?',
    )
    .pluck()
  const insertKept = database.prepare<[number, number, string, string]>(
    `INSERT INTO kept_operating_points (run_id, threshold, reason, created_at) VALUES (?, ?, ?, ?)`,
  )
  const selectKept = database.prepare<[number], StoredOperatingPoint>(
    `SELECT kept_operating_points.id, experiment_id AS experimentId,
      configuration_name AS configuration, threshold, reason,
      kept_operating_points.created_at AS createdAt
    FROM kept_operating_points JOIN runs ON runs.id = run_id
    JOIN experiments ON experiments.id = experiment_id
    WHERE dataset_version_id = ? ORDER BY kept_operating_points.id`,
  )

  const requireVersion = (versionId: number): void => {
    if (selectVersion.get(versionId) !== undefined) return
    throw new ProjectError(
      'dataset_not_found',
      `The project has no dataset version ${versionId}. Import the data first.`,
      file,
    )
  }

  return {
    selected: () => connection.read(() => selectSelected.get() ?? null),

    select(versionId) {
      connection.writeDurably(() => {
        requireVersion(versionId)
        upsertSelected.run(versionId)
      })
    },

    draft: (versionId) =>
      connection.read((): unknown => {
        const text = selectDraft.get(versionId)
        return text === undefined ? null : JSON.parse(text)
      }),

    saveDraft(versionId, draft, change) {
      connection.writeDurably(() => {
        requireVersion(versionId)
        const now = new Date().toISOString()
        upsertDraft.run(versionId, toJson(draft, 'draft'), now)
        if (change === null) return
        const { before, after, reason } = change
        insertChange.run(versionId, toJson(before, 'frame'), toJson(after, 'frame'), reason, now)
      })
    },

    frameChanges: (versionId) =>
      connection.read(() =>
        selectChanges.all(versionId).map(({ before, after, reason, created_at: createdAt }) => ({
          before: JSON.parse(before) as unknown,
          after: JSON.parse(after) as unknown,
          reason,
          createdAt,
        })),
      ),

    keep: (experimentId, configuration, threshold, reason) =>
      connection.writeDurably(() => {
        const runId = selectRun.get(experimentId, configuration)
        if (runId === undefined) {
          throw new ProjectError(
            'experiment_not_found',
            `The project has no run "${configuration}" in experiment ${experimentId}.`,
            file,
          )
        }
        const now = new Date().toISOString()
        return Number(insertKept.run(runId, threshold, reason, now).lastInsertRowid)
      }),

    kept: (versionId) => connection.read(() => selectKept.all(versionId)),
  }
}
