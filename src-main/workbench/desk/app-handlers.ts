/** The program, its settings and jobs. */
import type { Handlers } from './context.ts'
import { listJobs } from './stored-jobs.ts'

type Answered = 'app.info' | 'settings.get' | 'settings.change' | 'job.list' | 'job.cancel'

export const appHandlers: Pick<Handlers, Answered> = {
  'app.info': (_, { services, notices }) => ({
    version: services.program.version,
    host: services.host,
    engine: services.program.engine,
    node: services.machine.node,
    electron: services.machine.electron,
    platform: services.machine.platform,
    processors: services.machine.processors,
    memoryBytes: services.machine.memoryBytes,
    user: services.machine.user,
    choosesFiles: services.choosesFiles,
    projectFolder: services.projectFolder,
    notices: notices(),
  }),
  'settings.get': (_, { settings }) => settings(),
  'settings.change': (changes, { changeSettings }) => changeSettings(changes),
  'job.list': (_, context) => listJobs(context),
  'job.cancel': ({ jobId }, { jobs }) => ({ cancelled: jobs.cancel(jobId) }),
}
