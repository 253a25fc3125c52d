/** `npm run -s test:reference`: every golden case through the core, as a table per file and kind. */
import { checkCase } from './checker.ts'
import type { CaseOutcome } from './checker.ts'
import { loadGoldenFiles, loadHandlers, referenceFolder } from './load.ts'
import { createTableReader } from './table.ts'

const SHOWN_FAILURES = 5
const VERDICTS = ['passed', 'partly', 'failed', 'not yet implemented'] as const
type Counts = Record<CaseOutcome['verdict'], number>

const folder = referenceFolder()
if (folder === null) {
  console.log('No reference folder (../shared/reference, or name it in STEELYARD_REFERENCE).')
  process.exit(1)
}
const handlers = await loadHandlers()
const readTable = createTableReader(folder)
const total = noCounts()

console.log(`Reference values of ${folder}`)
for (const file of loadGoldenFiles(folder)) {
  console.log(`\n${file.name} (${file.cases.length} cases)`)
  for (const [kind, cases] of Map.groupBy(file.cases, (goldenCase) => goldenCase.kind)) {
    const counts = noCounts()
    const missing = new Set<string>()
    const failed: string[] = []
    for (const goldenCase of cases) {
      const outcome = checkCase(goldenCase, handlers, readTable)
      counts[outcome.verdict]++
      total[outcome.verdict]++
      for (const part of outcome.notYet) missing.add(part)
      if (outcome.failures.length > 0) failed.push(...describeFailures(goldenCase.id, outcome))
    }
    console.log(`  ${kind.padEnd(28)} ${textOf(counts)}`)
    if (counts.partly > 0) console.log(`      not yet: ${[...missing].join(', ')}`)
    for (const line of failed) console.log(`      ${line}`)
  }
}
console.log(`\nreference: ${textOf(total)}`)
if (total.failed > 0) process.exitCode = 1

function noCounts(): Counts {
  return { passed: 0, partly: 0, failed: 0, 'not yet implemented': 0 }
}

/** `12 passed, 1 partly, 0 failed, 3 not yet implemented`; partly is left out where it is 0. */
function textOf(counts: Counts): string {
  return VERDICTS.filter((verdict) => verdict !== 'partly' || counts.partly > 0)
    .map((verdict) => `${counts[verdict]} ${verdict}`)
    .join(', ')
}

function describeFailures(id: string, { failures }: CaseOutcome): string[] {
  const shown = failures.slice(0, SHOWN_FAILURES).map((failure) => `FAILED ${id}: ${failure}`)
  const nHidden = failures.length - shown.length
  return nHidden > 0 ? [...shown, `FAILED ${id}: and ${nHidden} more`] : shown
}
