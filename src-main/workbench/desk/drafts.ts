/** What a person has chosen so far: how it begins, how it is saved, and what a new version takes over. */
import { UserError } from '#shared/contract/errors.ts'
import type { Draft, FrameDraft } from '#shared/contract/work.ts'
import type { Roles } from '#shared/core/dataset/dataset.ts'
import { readStoredFrame } from '#shared/core/frame/stored-frame.ts'
import type { StoredFrame } from '#shared/core/frame/stored-frame.ts'
import type { Configuration, SingleModelChoice } from '#shared/core/plan/plan.ts'
import type { DatasetVersion } from '../../store/datasets.ts'
import type { Project } from '../../store/project.ts'

const emptyDraft: Draft = {
  roles: null,
  classNames: { positive: 'Positive', negative: 'Negative' },
  frame: null,
  frameLocked: false,
  seed: 1,
  folds: 5,
  innerFolds: 4,
  configurations: [],
  compared: [],
  notes: '',
}

/** As this version or an earlier one saved it. */
type StoredDraft = Partial<Omit<Draft, 'frame'>> & {
  readonly frame?: StoredFrame<FrameDraft> | null
}

/** The draft of a version; an empty one where nothing was saved. */
export function draftOf(project: Project, versionId: number): Draft {
  const stored = project.workspace.draft(versionId)
  if (stored === null) return emptyDraft
  const { frame = null, ...draft } = stored as StoredDraft
  return {
    ...emptyDraft,
    ...draft,
    frame: frame === null ? null : readStoredFrame<FrameDraft>(frame),
  }
}

/**
 * Saves a draft, with the reason where a locked frame changes.
 *
 * @throws UserError `bad_input` when the reason is missing; `dataset_not_found`.
 */
export function saveDraft(
  project: Project,
  versionId: number,
  draft: Draft,
  reason: string | null,
): void {
  const before = draftOf(project, versionId)
  const changes =
    before.frameLocked && (!draft.frameLocked || canonical(before.frame) !== canonical(draft.frame))
  if (!changes) {
    project.workspace.saveDraft(versionId, draft, null)
    return
  }
  const because = reason?.trim() ?? ''
  if (because === '') {
    throw new UserError('bad_input', 'The frame is locked. Say why it changes, and save again.')
  }
  project.workspace.saveDraft(versionId, draft, {
    before: { frame: before.frame, locked: true },
    after: { frame: draft.frame, locked: draft.frameLocked },
    reason: because,
  })
}

/** What of a draft still fits other data: columns that are gone are taken out. */
export function carriedOver(draft: Draft, { columns }: Pick<DatasetVersion, 'columns'>): Draft {
  const kinds = new Map(columns.map(({ name, kind }) => [name, kind]))
  const present = (name: string | null): string | null =>
    name !== null && kinds.has(name) ? name : null
  const roles: Roles | null =
    draft.roles === null || !kinds.has(draft.roles.target)
      ? null
      : {
          ...draft.roles,
          id: present(draft.roles.id),
          time: present(draft.roles.time),
          group: present(draft.roles.group),
          amount: present(draft.roles.amount),
          weight: present(draft.roles.weight),
          ignore: draft.roles.ignore.filter((name) => kinds.has(name)),
        }
  const costs = draft.frame?.costs ?? null
  const costsFit =
    costs === null ||
    Object.values(costs).every(
      (source) => typeof source === 'number' || kinds.get(source.column) === 'numeric',
    )
  return {
    ...draft,
    roles,
    frame: draft.frame === null || costsFit ? draft.frame : { ...draft.frame, costs: null },
    frameLocked: draft.frameLocked && costsFit,
    configurations: draft.configurations.map((configuration) => withoutGone(configuration, kinds)),
    // They were judged on other data.
    compared: [],
  }
}

function withoutGone(
  configuration: Configuration,
  kinds: ReadonlyMap<string, unknown>,
): Configuration {
  const { model } = configuration
  const kept = (stage: SingleModelChoice): SingleModelChoice => {
    if (stage.kind !== 'gradient_boosting' || stage.monotone === undefined) return stage
    const { monotone, ...rest } = stage
    const there = monotone.filter(({ column }) => kinds.has(column))
    return there.length === 0 ? rest : { ...rest, monotone: there }
  }
  return {
    ...configuration,
    model:
      model.kind === 'two_stage'
        ? { ...model, gate: kept(model.gate), filter: kept(model.filter) }
        : kept(model),
  }
}

/** Records compare by content; the page may send keys in another order. */
function canonical(value: unknown): string {
  return JSON.stringify(value, (_, item: unknown) =>
    typeof item === 'object' && item !== null && !Array.isArray(item)
      ? Object.fromEntries(Object.entries(item).sort(([a], [b]) => (a < b ? -1 : 1)))
      : item,
  )
}
