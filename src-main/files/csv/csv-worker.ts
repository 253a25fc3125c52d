/** The reading thread: parses the file and hands chunks over, never more than a few ahead. */
import { parentPort, workerData } from 'node:worker_threads'

import { Cancelled } from '#shared/core/math/checkpoint.ts'

import { InputError } from '../input-error.ts'
import type { ByteSource } from './byte-source.ts'
import { openFileSource } from './byte-source.ts'
import type { CsvWorkerData, CsvWorkerMessage } from './csv-messages.ts'
import { controlCells } from './csv-messages.ts'
import { parseCsv } from './parse-csv.ts'
import { createPreviewCollector } from './preview-collector.ts'

/** Chunks under way at a time; one alone where a chunk is very large. */
const maxChunksUnderWay = 4
const maxBytesUnderWay = 1 << 27

/** How long to wait for the receiver before looking whether the work is still wanted. */
const waitMs = 100

const { path, options, task, control } = workerData as CsvWorkerData
let chunksSent = 0
let lastProgress = 0

function send(message: CsvWorkerMessage, transfer: readonly ArrayBuffer[] = []): void {
  parentPort!.postMessage(message, transfer)
}

function throwIfCancelled(): void {
  if (Atomics.load(control, controlCells.cancelled) === 1) throw new Cancelled()
}

function waitForReceiver(maxUnderWay: number): void {
  for (;;) {
    throwIfCancelled()
    const consumed = Atomics.load(control, controlCells.consumed)
    if (chunksSent - consumed < maxUnderWay) return
    Atomics.wait(control, controlCells.consumed, consumed, waitMs)
  }
}

function say(fraction: number): void {
  throwIfCancelled()
  if (Math.abs(fraction - lastProgress) < 0.005) return
  lastProgress = fraction
  send({ type: 'progress', fraction })
}

function read(source: ByteSource): void {
  parseCsv(
    source,
    options,
    {
      begin: () => {
        send({ type: 'begin' })
      },
      chunk: (columns, nRows) => {
        const buffers = columns.map((column) =>
          column.kind === 'numeric' ? column.values.buffer : column.codes.buffer,
        )
        const sizeBytes = buffers.reduce((sum, buffer) => sum + buffer.byteLength, 0)
        const fitting = Math.floor(maxBytesUnderWay / sizeBytes)
        waitForReceiver(Math.max(1, Math.min(maxChunksUnderWay, fitting)))
        chunksSent++
        send({ type: 'chunk', columns, nRows }, buffers)
      },
      finish: (summary, levels) => {
        send({ type: 'finish', summary, levels })
      },
    },
    say,
  )
}

function preview(source: ByteSource): void {
  const collector = createPreviewCollector()
  parseCsv(
    source,
    options,
    {
      begin: collector.begin,
      chunk: (columns, nRows, context) => {
        collector.chunk({ columns, nRows, ...context })
      },
      finish: (summary, levels) => {
        send({ type: 'preview', preview: collector.finish(summary, levels, source.sizeBytes) })
      },
    },
    say,
  )
}

try {
  const source = openFileSource(path)
  try {
    if (task === 'preview') preview(source)
    else read(source)
  } finally {
    source.close()
  }
} catch (error) {
  if (error instanceof InputError) {
    send({ type: 'inputError', message: error.message, row: error.row, column: error.column })
  } else if (!(error instanceof Cancelled)) {
    throw error
  }
}
