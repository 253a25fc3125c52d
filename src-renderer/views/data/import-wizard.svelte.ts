/** A file on its way to a dataset version, step by step. */
import type { FileHandle } from '#shared/contract/app.ts'
import type { ImportPreview } from '#shared/contract/data.ts'
import type { Draft, Job } from '#shared/contract/work.ts'
import type { Session } from '../../state/session.svelte.ts'
import { proposeClassNames } from './class-names.ts'
import { firstOptions, withKind, withMissing } from './csv-options.ts'
import type { CsvOptions } from './csv-options.ts'
import { classCounts, findingsOf, missingFix, targetOf } from './findings.ts'
import type { Finding, Fix } from './findings.ts'
import { stemOf } from './incoming.ts'
import { assignRole, roleOf, toRoles } from './roles.ts'
import type { ColumnRole, RoleChoices } from './roles.ts'
import { Upload, UploadCancelled } from './uploading.svelte.ts'

export type Step = 'file' | 'roles' | 'checks' | 'save'

/** What becomes of the draft when the import is done; kept so that reloading the page loses nothing. */
interface Intent {
  readonly jobId: string
  readonly roles: Draft['roles']
  readonly classNames: Draft['classNames']
}

const intentKey = 'steelyard.import'

export class ImportWizard {
  #session: Session
  #current = { stopped: false }
  step: Step = $state('file')
  upload: Upload | null = $state.raw(null)
  preview: ImportPreview | null = $state.raw(null)
  options: CsvOptions = $state.raw(firstOptions)
  /** True while the workbench reads the file. */
  reading = $state(false)
  /** What went wrong last; the file is still read as it was before. */
  error: unknown = $state.raw(null)
  /** What would put the error right. */
  remedy: Finding['fixes'][number] | null = $state.raw(null)
  choices: RoleChoices = $state.raw(new Map())
  positive: string | null = $state(null)
  classNames = $state({ positive: 'Positive', negative: 'Negative' })
  raggedChosen: 'skip' | 'pad' | null = $state(null)
  versionName = $state('')
  /** The import that goes on. */
  jobId: string | null = $state(null)

  readonly roles = $derived(toRoles(this.choices, this.positive))
  readonly target = $derived.by(() =>
    this.preview === null ? null : targetOf(this.preview, this.choices),
  )
  readonly counts = $derived.by(() =>
    this.preview === null
      ? null
      : classCounts(this.preview, { roles: this.choices, positive: this.positive }),
  )
  readonly findings = $derived.by(() =>
    this.preview === null
      ? []
      : findingsOf(this.preview, {
          roles: this.choices,
          positive: this.positive,
          raggedChosen: this.raggedChosen,
        }),
  )
  readonly canSave = $derived(
    this.roles !== null && this.findings.every(({ tone }) => tone !== 'stop'),
  )

  constructor(session: Session) {
    this.#session = session
  }

  /** What the version will be called by its number. */
  get nextNumber(): number {
    return 1 + Math.max(0, ...(this.#session.project?.datasets ?? []).map(({ number }) => number))
  }

  /** The reading of the file, as a job; null while it isn't known. */
  get readingJob(): Job | null {
    if (!this.reading) return null
    return (
      this.#session.jobs.findLast(({ kind, state }) => kind === 'preview' && state === 'running') ??
      null
    )
  }

  get importJob(): Job | null {
    return this.#session.jobs.find(({ jobId }) => jobId === this.jobId) ?? null
  }

  /** Takes a file of the page, which is sent first. */
  async takeFile(file: File): Promise<void> {
    if (this.upload !== null || this.reading) return
    this.error = null
    const upload = new Upload(file)
    this.upload = upload
    try {
      const handle = await upload.send(this.#session)
      this.upload = null
      await this.takeHandle(handle)
    } catch (error) {
      if (!(error instanceof UploadCancelled)) this.error = error
    } finally {
      this.upload = null
    }
  }

  /** Takes a file that the workbench can read. */
  async takeHandle(file: FileHandle): Promise<void> {
    this.raggedChosen = null
    const preview = await this.#read(file.fileId, firstOptions)
    if (preview === null) return
    this.versionName = stemOf(file.name)
    this.#suggest(preview)
    this.step = 'roles'
  }

  /** Reads the file again in another way; it stays as it was when that can't be done. */
  async readAs(options: CsvOptions): Promise<boolean> {
    const { preview } = this
    if (preview === null) return false
    const names = preview.columns.map(({ name }) => name).join('\n')
    const again = await this.#read(preview.fileId, options)
    if (again === null) return false
    // Another delimiter makes other columns, for which nothing has been chosen.
    if (again.columns.map(({ name }) => name).join('\n') !== names) this.#suggest(again)
    else if (!this.#positiveExists(again)) this.setTarget(this.target?.name ?? null)
    return true
  }

  /** Stops the sending or the reading of the file. */
  stop(): void {
    this.upload?.cancel()
    const job = this.readingJob
    if (job === null) return
    this.#current.stopped = true
    void this.#session.act('job.cancel', { jobId: job.jobId })
  }

  setRole(columns: readonly string[], role: ColumnRole): void {
    if (role === 'target') {
      this.setTarget(columns[0] ?? null)
      return
    }
    const losesTarget = columns.some((name) => roleOf(this.choices, name) === 'target')
    for (const name of columns) this.choices = assignRole(this.choices, name, role)
    if (losesTarget) this.positive = null
  }

  setTarget(column: string | null): void {
    this.choices =
      column === null
        ? new Map([...this.choices].filter(([, role]) => role !== 'target'))
        : assignRole(this.choices, column, 'target')
    const { target } = this
    // Of two classes the rarer one is looked for; of more the user has to say.
    const rarest =
      target?.distinct === 2 ? target.values.reduce((a, b) => (b.count < a.count ? b : a)) : null
    this.setPositive(rarest?.text ?? null)
  }

  setPositive(value: string | null): void {
    this.positive = value
    const { target } = this
    if (target === null || value === null) return
    const others = target.values.map(({ text }) => text).filter((text) => text !== value)
    this.classNames = proposeClassNames(target.name, value, others)
  }

  /** Reads a column as another kind; where that is refused, says what would make it possible. */
  async setKind(column: string, kind: 'numeric' | 'categorical'): Promise<void> {
    const missing = missingFix(this.preview?.columns.find(({ name }) => name === column))
    if (await this.readAs(withKind(this.options, column, kind))) return
    this.remedy = this.error !== null && kind === 'numeric' ? missing : null
  }

  kindOf(column: string): 'numeric' | 'categorical' {
    return this.preview?.columns.find(({ name }) => name === column)?.kind ?? 'categorical'
  }

  async apply(fix: Fix): Promise<void> {
    switch (fix.kind) {
      case 'role':
        this.setRole(fix.columns, fix.role)
        return
      case 'read_as':
        await this.readAs(withKind(this.options, fix.column, fix.as))
        return
      case 'missing':
        await this.readAs(withMissing(this.options, fix.texts))
        return
      case 'ragged':
        if (
          fix.treatment === this.options.ragged ||
          (await this.readAs({ ...this.options, ragged: fix.treatment }))
        ) {
          this.raggedChosen = fix.treatment
        }
    }
  }

  /** Orders the import, which goes on when the page is closed. */
  async save(): Promise<void> {
    const { preview, roles } = this
    if (preview === null || roles === null || this.jobId !== null) return
    this.error = null
    try {
      const { jobId } = await this.#session.call('data.import', {
        fileId: preview.fileId,
        name: this.versionName.trim() === '' ? stemOf(preview.name) : this.versionName.trim(),
        options: this.options,
      })
      const classNames = {
        positive: this.classNames.positive.trim() || 'Positive',
        negative: this.classNames.negative.trim() || 'Negative',
      }
      rememberIntent({ jobId, roles, classNames })
      this.jobId = jobId
    } catch (error) {
      this.error = error
    }
  }

  /** The import has failed or was cancelled: everything chosen is still there. */
  importEnded(job: Job): void {
    forgetIntent()
    this.jobId = null
    this.error = job.state === 'failed' ? new Error(job.reason ?? 'The import failed.') : null
  }

  async #read(fileId: string, options: CsvOptions): Promise<ImportPreview | null> {
    this.reading = true
    const current = { stopped: false }
    this.#current = current
    this.error = null
    this.remedy = null
    try {
      const preview = await this.#session.call('data.preview', { fileId, options })
      this.options = options
      this.preview = preview
      return preview
    } catch (error) {
      if (!current.stopped) this.error = error
      return null
    } finally {
      this.reading = false
    }
  }

  #suggest(preview: ImportPreview): void {
    this.choices = new Map()
    let target: string | null = null
    for (const { name, suggestedRole } of preview.columns) {
      if (suggestedRole === 'target') target ??= name
      else if (suggestedRole !== null && ![...this.choices.values()].includes(suggestedRole)) {
        this.choices = assignRole(this.choices, name, suggestedRole)
      } else if (suggestedRole === 'ignore') {
        this.choices = assignRole(this.choices, name, 'ignore')
      }
    }
    this.setTarget(target)
  }

  #positiveExists(preview: ImportPreview): boolean {
    if (this.positive === null) return true
    const target = targetOf(preview, this.choices)
    return target === null || target.values.some(({ text }) => text === this.positive)
  }
}

/**
 * Gives a version that has just been imported the roles and names that were chosen for it.
 *
 * @returns false when nothing was chosen for what this job has imported.
 */
export async function settleImport(session: Session, job: Job): Promise<boolean> {
  const intent = readIntent()
  if (intent?.jobId !== job.jobId || job.versionId === null) return false
  forgetIntent()
  if (session.project?.versionId !== job.versionId) {
    await session.call('data.select', { versionId: job.versionId })
  }
  const { draft } = session
  if (draft === null) return false
  const { roles, classNames } = intent
  await session.call('draft.save', {
    versionId: job.versionId,
    draft: { ...draft, roles, classNames },
    reason: null,
  })
  return true
}

/** The import that this page has ordered and that has not been settled; null when there is none. */
export function orderedImport(): string | null {
  return readIntent()?.jobId ?? null
}

function rememberIntent(intent: Intent): void {
  try {
    localStorage.setItem(intentKey, JSON.stringify(intent))
  } catch {
    // Without storage the roles are asked for again after a reload.
  }
  remembered = intent
}

function forgetIntent(): void {
  remembered = null
  try {
    localStorage.removeItem(intentKey)
  } catch {
    // Nothing was stored.
  }
}

let remembered: Intent | null = null

function readIntent(): Intent | null {
  if (remembered !== null) return remembered
  try {
    const text = localStorage.getItem(intentKey)
    return text === null ? null : (JSON.parse(text) as Intent)
  } catch {
    return null
  }
}
