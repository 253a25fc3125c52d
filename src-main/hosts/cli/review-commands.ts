/** `queue`, `verdicts`, `pack`, `merge` and `correct`: reviews of labels from the terminal. */
import { openFrame } from '#shared/contract/work.ts'
import type { Draft } from '#shared/contract/work.ts'
import { UserError } from '#shared/contract/errors.ts'
import { queueKinds } from '#shared/contract/labels.ts'
import type { QueueKind } from '#shared/contract/labels.ts'
import type { Roles } from '#shared/core/dataset/dataset.ts'
import { countText, percentText } from '../../files/report/number-text.ts'
import { writeCsv } from '../../files/write-csv.ts'
import { writeFileWhole } from '../../files/write-file-whole.ts'
import { createFingerprint } from '../../store/fingerprint.ts'
import { draftOf, saveDraft } from '../../workbench/desk/drafts.ts'
import { correctAndOrderAgain } from '../../workbench/labels/run-again.ts'
import { labelsImpact } from '../../workbench/labels/impact.ts'
import { makeQueue } from '../../workbench/labels/make-queue.ts'
import { labelsState } from '../../workbench/labels/labels-state.ts'
import { readPackFile } from '../../workbench/labels/pack-file.ts'
import { mergePack, writePack } from '../../workbench/labels/packs.ts'
import { sameRoles } from '../../workbench/labels/records.ts'
import { reviewLog } from '../../workbench/labels/review-log-file.ts'
import { scanLabels } from '../../workbench/labels/scan-labels.ts'
import type { Watch } from '../../workbench/workbench.ts'
import type { Arguments } from './options.ts'
import { callersPath, frameOf, rolesOf } from './requests.ts'
import { workersOf } from './session.ts'
import type { Session } from './session.ts'
import { describeImpact } from './texts.ts'

type Print = (text: string) => void
interface Version {
  readonly id: number
  readonly fingerprint: string
  readonly sourceName: string
}

const defaults = { repeats: 3, size: 200, randomPercent: 15, seconds: 30 } as const

/** Scans the labels where that has not been done, and makes a queue of them. */
export async function makeQueueOfProject(
  given: Arguments,
  session: Session,
  version: Version,
  watch: Watch,
  print: Print,
): Promise<void> {
  const { project } = session
  const draft = draftOf(project, version.id)
  const roles = reviewedRoles(given, draft)
  const hasFrame = given.text('cost-fn') !== null
  const frame = hasFrame ? frameOf(given) : (draft.frame ?? openFrame)
  // What the window would otherwise ask for again.
  if (draft.roles === null) saveDraft(project, version.id, { ...draft, roles, frame }, null)
  const seed = given.whole('seed', 0) ?? 1
  const workers = workersOf(given)
  const now = (): number => performance.now()
  const ground = { versionId: version.id, roles, frame, seed }
  const order = {
    ...ground,
    names: draft.classNames,
    kind: kindOf(given),
    name: given.text('name'),
    size: given.whole('size', 1) ?? defaults.size,
    controlShare: percentOf(given, defaults.randomPercent) / 100,
    terms: { actionability: 1, secondsPerReview: defaults.seconds, costPerReview: null },
    run: runOf(given, session),
    rows: null,
  }
  const scanned = project.reviews.scans(version.id).some((scan) => sameRoles(scan.roles, roles))
  if (!scanned) {
    const repeats = given.whole('repeats', 1) ?? defaults.repeats
    await scanLabels(
      session,
      { ...ground, repeats, audit: given.flag('audit') },
      workers,
      watch,
      now,
    )
  }
  const queueId = await makeQueue(session, order, workers, watch, now)
  const made = project.reviews.queue(queueId)!
  print(
    `Queue ${queueId}, "${made.name}": ${countText(made.nItems)} rows of ${version.sourceName}.`,
  )
}

/** Tells how far reviews have come and whether the log is whole, and writes it where asked for. */
export function showVerdicts(
  given: Arguments,
  session: Session,
  version: Version,
  print: Print,
): void {
  const { roles, classNames } = draftOf(session.project, version.id)
  const state = labelsState(session, version.id, roles, classNames)
  const { chain, decided, agreement, control } = state
  const lines = state.queues.map(
    ({ queueId, name, total, states }) =>
      `Queue ${queueId}, "${name}": ${countText(total - states.open)} of ${countText(total)} decided`,
  )
  lines.push(
    `Rows: ${countText(decided.relabel)} to relabel, ${countText(decided.exclude)} to leave out, ${countText(decided.keep)} kept, ${countText(decided.unsure)} unsure, ${countText(decided.adjudicate)} to settle.`,
  )
  const hidden = control?.hidden.interval ?? null
  if (control !== null && hidden !== null) {
    const { lower, upper } = hidden
    lines.push(
      `Hidden positives, by ${countText(control.reviewed)} random rows: ${percentText(lower)} to ${percentText(upper)} of the rows labelled negative.`,
    )
  }
  if (agreement.kappa !== null) {
    lines.push(
      `Two reviewers on ${countText(agreement.pairs)} rows: kappa ${agreement.kappa.toFixed(2)}.`,
    )
  }
  lines.push(
    chain.brokenAt === null
      ? `Log: ${countText(chain.events)} events, whole. Head ${chain.hash}`
      : `Log: TAMPERED WITH. Event ${countText(chain.brokenAt)} does not follow from the one before.`,
  )
  print(lines.join('\n'))
  const out = given.text('out')
  if (out === null) return
  const { header, rows } = reviewLog(session, version.fingerprint)
  writeCsv(callersPath(out), header, rows)
}

/** Writes a queue as a pack. */
export function packQueue(given: Arguments, session: Session, print: Print): void {
  const out = given.text('out')
  if (out === null) throw new UserError('bad_input', '--out FILE is missing.')
  const queues = session.project.reviews.queues()
  const wanted = given.whole('queue', 1)
  const queue = wanted === null ? queues.at(-1) : queues.find(({ id }) => id === wanted)
  if (queue === undefined) {
    throw new UserError('bad_input', 'The project has no such queue. `verdicts` lists them.')
  }
  const { text } = writePack(session, queue.id, given.flag('with-reviews'))
  writeFileWhole(callersPath(out), text)
  print(`Queue ${queue.id}, "${queue.name}": ${countText(queue.nItems)} rows in ${out}.`)
}

/** Takes a pack in, and tells what came of it. */
export function takePackIn(given: Arguments, session: Session, print: Print): void {
  const file = given.files[0]!
  const text = readPackFile(callersPath(file), file)
  const { name, queueId, added, known, conflicts, notes } = mergePack(
    session,
    text,
    file,
    new Date(),
  )
  print(
    [
      `Queue ${queueId}, "${name}": ${countText(added)} reviews added, ${countText(known)} were here already; ${countText(conflicts)} rows to settle.`,
      ...notes,
    ].join('\n'),
  )
}

/** Applies what was decided, runs again what was run last, and says what that changed. */
export async function correctProject(
  given: Arguments,
  session: Session,
  version: Version,
  watch: Watch,
  print: Print,
): Promise<void> {
  const workers = workersOf(given)
  const roles = reviewedRoles(given, draftOf(session.project, version.id))
  const made = correctAndOrderAgain(session, version.id, roles, createFingerprint)
  for (const id of made.experimentIds) await session.workbench.run(id, workers, watch)
  print(describeImpact(await labelsImpact(session, made.versionId, workers, watch.signal)))
}

/** The roles that options name, else those of the draft. */
function reviewedRoles(given: Arguments, { roles }: Draft): Roles {
  return given.text('target') === null && roles !== null ? roles : rolesOf(given)
}

function kindOf(given: Arguments): Exclude<QueueKind, 'second' | 'rows'> {
  const text = given.text('kind') ?? 'suspicion'
  const kinds = queueKinds.filter((kind) => kind !== 'second' && kind !== 'rows')
  const kind = kinds.find((one) => one === text)
  if (kind !== undefined) return kind
  throw new UserError('bad_input', `--kind must be one of ${kinds.join(', ')}; got "${text}".`)
}

function percentOf(given: Arguments, otherwise: number): number {
  const percent = given.number('random') ?? otherwise
  if (percent >= 0 && percent <= 100) return percent
  throw new UserError('bad_input', `--random must be a percentage, got ${percent}.`)
}

/** `--run NAME` of the experiment that is named, or of the latest. */
function runOf(
  given: Arguments,
  { project }: Session,
): { readonly experimentId: number; readonly name: string } | null {
  const name = given.text('run')
  if (name === null) return null
  const wanted = given.text('experiment')
  const all = project.experiments.list()
  const experiment = wanted === null ? all.at(-1) : all.find((one) => one.name === wanted)
  if (experiment !== undefined) return { experimentId: experiment.id, name }
  throw new UserError('bad_input', `There is no experiment for --run ${name}.`)
}
