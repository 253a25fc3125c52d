/** The thread that renders one report. */
import { parentPort, workerData } from 'node:worker_threads'
import { csvText } from './csv-text.ts'
import type { ReportAnswer } from './make-report.ts'
import { renderReport } from './render-report.ts'
import type { ReportInput } from './report-facts.ts'
import { reportTables } from './report-tables.ts'

function answer(input: ReportInput): ReportAnswer {
  try {
    return {
      report: {
        html: renderReport(input),
        tables: reportTables(input).map((table) => ({ name: table.name, csv: csvText(table) })),
      },
    }
  } catch (error) {
    const { message, stack } = error instanceof Error ? error : new Error(String(error))
    return { message, stack: stack ?? '' }
  }
}

parentPort!.postMessage(answer(workerData as ReportInput))
