/**
 * Where the program keeps what isn't code. From source it lies in the repository; in the bundle of
 * the desktop app everything is one folder, `out/main`, where electron.vite.config.ts puts it.
 */
import { basename, join } from 'node:path'

export interface Resources {
  /** Where package.json lies; that of a bundle has the version only. */
  readonly program: string
  readonly migrations: string
  /** Kernels that were compiled with the bundle; null from source, where they are on first need. */
  readonly kernels: string | null
}

export const resources: Resources = resourcesOf(import.meta.dirname)

function resourcesOf(folder: string): Resources {
  if (basename(folder) === 'src-main') {
    const program = join(folder, '..')
    return { program, migrations: join(program, 'migrations'), kernels: null }
  }
  return {
    program: folder,
    migrations: join(folder, 'migrations'),
    kernels: join(folder, 'kernels'),
  }
}
