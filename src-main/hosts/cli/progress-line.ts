import type { Progress } from '../../workbench/pace.ts'

const everyMs = { terminal: 200, log: 10_000 } as const
const clearLine = '\r\u001b[K'

/**
 * Shows progress on a stream: one line that is rewritten on a terminal, now and then a line of its
 * own elsewhere.
 */
export function createProgressLine(stream: NodeJS.WriteStream): {
  readonly show: (progress: Progress) => void
  readonly clear: () => void
} {
  const isTerminal = stream.isTTY
  let lastAt = -Infinity
  let lastStage: string | null = null
  let shown = false
  return {
    show(progress) {
      const now = performance.now()
      const due = now - lastAt >= (isTerminal ? everyMs.terminal : everyMs.log)
      if (!due && progress.stage === lastStage) return
      lastAt = now
      lastStage = progress.stage
      const line = describe(progress)
      if (isTerminal) {
        stream.write(clearLine + line.slice(0, Math.max(20, stream.columns - 1)))
        shown = true
      } else stream.write(`${line}\n`)
    },
    clear() {
      if (shown) stream.write(clearLine)
      shown = false
    },
  }
}

function describe({ fraction, secondsLeft, detail }: Progress): string {
  const percent = `${Math.floor(fraction * 100)} %`
  const left = secondsLeft === null ? '' : `, ${duration(secondsLeft)} left`
  return `${detail}: ${percent}${left}`
}

function duration(seconds: number): string {
  if (seconds < 90) return `${Math.ceil(seconds)} s`
  if (seconds < 5400) return `${Math.round(seconds / 60)} min`
  return `${(seconds / 3600).toFixed(1)} h`
}
