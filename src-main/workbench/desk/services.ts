/** What a host hands to the desk. Types of store, jobs and files are the ports. */
import type { CsvOptions } from '../../files/csv/csv-types.ts'
import type { CsvPreview } from '../../files/csv/preview-types.ts'
import type { MadeReport } from '../../files/report/make-report.ts'
import type { ReportInput } from '../../files/report/report-facts.ts'
import type { ColumnsToProfile, ProfiledColumns } from '../../store/profile-columns.ts'
import type { Project } from '../../store/project.ts'
import type { RowReader } from '../../store/row-reader.ts'
import type { ReadCsv } from '../import-csv.ts'
import type { Services } from '../workbench.ts'

export interface DeskServices extends Pick<
  Services,
  'createFingerprint' | 'createWorkerPool' | 'program'
> {
  readonly host: 'electron' | 'browser'
  /** True where the host has dialogs of its own to choose a file. */
  readonly choosesFiles: boolean
  /** Absolute; made when missing. Holds settings, the list of recent projects and uploads. */
  readonly dataFolder: string
  /** Absolute; made when missing. Where projects lie that are named rather than placed. */
  readonly projectFolder: string
  readonly openProject: (path: string, options: { readonly create: boolean }) => Project
  /** Whether a program had the project open and ended without closing it. */
  readonly wasLeftOpen: (path: string) => boolean
  readonly readCsv: ReadCsv
  /** Reads a whole CSV file and writes nothing. */
  readonly previewCsv: (
    path: string,
    options: CsvOptions,
    onProgress: (fractionOfBytes: number) => void,
    cancelled: () => boolean,
  ) => Promise<CsvPreview>
  /** Profiles all columns in a thread of its own. */
  readonly profileColumns: (
    rows: RowReader,
    columns: ColumnsToProfile,
    signal: AbortSignal,
  ) => Promise<ProfiledColumns>
  readonly writeCardSample: (
    path: string,
    sample: { readonly nRows: number; readonly seed: number },
    cancelled: () => boolean,
  ) => Promise<string>
  /** Renders a report in a thread of its own. */
  readonly makeReport: (input: ReportInput, signal: AbortSignal) => Promise<MadeReport>
  readonly writeFileWhole: (path: string, text: string) => void
  /** Milliseconds of a clock that never runs backwards. */
  readonly now: () => number
  /** The time of day. */
  readonly clock: () => Date
  readonly machine: {
    /** `linux x64` */
    readonly platform: string
    readonly node: string
    readonly electron: string | null
    readonly processors: number
    /** What the system has, or lets this process have. */
    readonly memoryBytes: number
    /** Who is logged in; empty when nobody says. */
    readonly user: string
  }
  /** Where faults are written down. */
  readonly log: (text: string) => void
}
