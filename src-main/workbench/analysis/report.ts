import { UserError } from '#shared/contract/errors.ts'
import type { Report } from '#shared/contract/decision.ts'
import type { DeskContext, Handler, OpenedProject } from '../desk/context.ts'
import { answered } from './answers.ts'

/** From here on a report is shown among the jobs. */
const jobAfterMs = 1000

/** The report of an experiment as one HTML file, and its tables. */
export const madeReport: Handler<'report.make'> = ({ experimentId }, context) => {
  const opened = context.project()
  const { name, datasetVersionId } = opened.workbench.experiment(experimentId)
  const outcome = opened.workbench.outcome(experimentId)
  if (outcome === null) {
    throw new UserError(
      'bad_input',
      `"${name}" has no results yet. Wait for its runs, or resume them.`,
    )
  }
  const decisions = opened.workbench.decisions(experimentId)
  const title = opened.project.datasets.get(datasetVersionId)?.sourceName ?? 'data'
  return answered(opened, ['report', experimentId, outcome.about.digest, decisions], () =>
    asJobWhenLong(
      { title: `Report on ${title}`, experimentId, versionId: datasetVersionId },
      opened,
      context,
      async (signal, say): Promise<Report> => {
        say(0.1, 'Collecting the curves')
        const curves = await opened.workbench.curves(experimentId, context.limits().workers, {
          signal,
          onNotice: () => undefined,
          onProgress: () => undefined,
        })
        say(0.6, 'Drawing the charts')
        const input = { ...outcome, title, curves, decisions }
        return { title, ...(await context.services.makeReport(input, signal)) }
      },
    ),
  )
}

type Say = (fraction: number, detail: string) => void

/** Work that is shown as a job, and can be cancelled there, once it takes a while. */
async function asJobWhenLong<T>(
  order: { readonly title: string; readonly experimentId: number; readonly versionId: number },
  opened: OpenedProject,
  context: DeskContext,
  work: (signal: AbortSignal, say: Say) => Promise<T>,
): Promise<T> {
  const abort = new AbortController()
  const stop = (): void => {
    abort.abort()
  }
  let say: Say = () => undefined
  let last: Parameters<Say> = [0, '']
  const result = work(AbortSignal.any([abort.signal, opened.signal]), (...said) => {
    last = said
    say(...said)
  })
  let timer: NodeJS.Timeout | undefined
  const late = new Promise<'late'>((resolve) => {
    timer = setTimeout(resolve, jobAfterMs, 'late')
  })
  try {
    if ((await Promise.race([result, late])) !== 'late') return await result
  } finally {
    clearTimeout(timer)
  }
  const { done } = context.jobs.start({ kind: 'report', ...order }, (control) => {
    say = (...said) => {
      control.progress(...said)
    }
    say(...last)
    control.signal.addEventListener('abort', stop)
    return result
  })
  return done
}
