import { Worker } from 'node:worker_threads'
import { Cancelled } from '#shared/core/math/checkpoint.ts'
import type { ReportInput } from './report-facts.ts'

/** The report as a page takes it over. */
export interface MadeReport {
  readonly html: string
  /** CSV files of everything that the report shows; names without their suffix. */
  readonly tables: readonly { readonly name: string; readonly csv: string }[]
}

/** What the thread answers with. */
export type ReportAnswer =
  { readonly report: MadeReport } | { readonly message: string; readonly stack: string }

/**
 * Renders the report in a thread of its own: loading the charts alone takes half a second.
 *
 * @throws Cancelled when the signal is aborted; Error as `renderReport` does.
 */
export async function makeReport(input: ReportInput, signal: AbortSignal): Promise<MadeReport> {
  if (signal.aborted) throw new Cancelled()
  const worker = new Worker(new URL('./report-worker.ts', import.meta.url), { workerData: input })
  let onAbort: (() => void) | undefined
  try {
    return await new Promise<MadeReport>((resolve, reject) => {
      onAbort = () => {
        reject(new Cancelled())
      }
      signal.addEventListener('abort', onAbort)
      worker.on('message', (answer: ReportAnswer) => {
        if ('report' in answer) resolve(answer.report)
        else reject(Object.assign(new Error(answer.message), { stack: answer.stack }))
      })
      worker.on('error', reject)
      worker.on('exit', (code) => {
        reject(new Error(`The thread that renders the report ended with exit code ${code}.`))
      })
    })
  } finally {
    if (onAbort !== undefined) signal.removeEventListener('abort', onAbort)
    await worker.terminate()
  }
}
