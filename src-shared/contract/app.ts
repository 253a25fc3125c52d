/** What the page is told of the program itself, and what it may set. */

export interface AppInfo {
  readonly version: string
  readonly host: 'electron' | 'browser'
  /** What computes the inner loops: compiled kernels or plain TypeScript. */
  readonly engine: string
  readonly node: string
  readonly electron: string | null
  readonly platform: string
  /** Processors that the machine offers. */
  readonly processors: number
  readonly memoryBytes: number
  /** Who is logged in to the system; empty when nobody says. */
  readonly user: string
  /** True where the host has dialogs of its own to choose a file; else files are uploaded. */
  readonly choosesFiles: boolean
  /** Where the host keeps projects that are named rather than placed by a dialog. */
  readonly projectFolder: string
  /** What was put right at the start, such as a damaged file of settings. */
  readonly notices?: readonly string[]
}

export interface Settings {
  readonly theme: 'system' | 'light' | 'dark'
  /** Percent of the usual size, 90 to 130. */
  readonly textSize: number
  /** Worker threads; null: one for each processor. */
  readonly threads: number | null
  /** Most memory to take, in bytes; null: 70 % of what there is. */
  readonly memoryCapBytes: number | null
  /** Who reviews labels here; empty: as the system calls the user. */
  readonly reviewer: string
}

/** A file that a dialog, the command line or an upload made known. The page never sees its path. */
export interface FileHandle {
  readonly fileId: string
  /** Without its folder. */
  readonly name: string
  readonly sizeBytes: number
}

export interface RecentProject {
  readonly recentId: string
  readonly name: string
  /** As a person would write it, to tell two projects of one name apart. */
  readonly folder: string
  /** ISO 8601, UTC. */
  readonly openedAt: string
  /** False when the file is no longer there. */
  readonly exists: boolean
  /** True when it was not closed properly the last time. */
  readonly interrupted: boolean
}
