/**
 * `npm test`: Vitest, then Playwright, then one line that counts the tests of both.
 *
 * The skipped and the failed ones are listed by name and reason before that line. With `STEELYARD_NO_SKIPS=1` a
 * skipped test fails the run, except where its want cannot be met: Electron tests without the
 * binary (tag `@electron`), and tests of the reference folder where there is none.
 */
import { spawnSync } from 'node:child_process'
import { existsSync, mkdirSync, readFileSync, rmSync } from 'node:fs'
import { dirname, join, relative } from 'node:path'
import { fileURLToPath } from 'node:url'
import { stripVTControlCharacters } from 'node:util'
import { findChromium } from './chromium.mjs'

/**
 * @typedef {{ name: string, reason: string, tolerated: boolean }} Skipped
 * @typedef {{ name: string, error: string }} Failure
 * @typedef {{ passed: number, failures: Failure[], skipped: Skipped[] }} Tally
 * @typedef {{ status: string, fullName: string, failureMessages?: string[] }} VitestCase
 * @typedef {{ name: string, status: string, message?: string, assertionResults: VitestCase[] }} VitestFile
 * @typedef {{ type: string, description?: string }} Annotation
 * @typedef {{ error?: { message?: string } }} Attempt
 * @typedef {{ projectName: string, status: string, annotations: Annotation[], results?: Attempt[] }} PlaywrightTest
 * @typedef {{ title: string, file: string, tags: string[], tests: PlaywrightTest[] }} Spec
 * @typedef {{ title: string, specs?: Spec[], suites?: Suite[] }} Suite
 */

const ROOT = dirname(dirname(fileURLToPath(import.meta.url)))
const REPORTS = join(ROOT, 'test-results')
const LINES_OF_ERROR = 12

const vitest = runVitest()
const playwright = runPlaywright()
const passed = vitest.passed + playwright.passed
const skipped = [...vitest.skipped, ...playwright.skipped]
const refused =
  process.env['STEELYARD_NO_SKIPS'] === '1' ? skipped.filter(({ tolerated }) => !tolerated) : []
const failures = [...vitest.failures, ...playwright.failures]
const failed = failures.length

console.log()
for (const { name, reason } of skipped) console.log(`skipped: ${name} (${reason})`)
for (const { name, error } of failures) {
  console.log(`failed: ${name}\n${error.replaceAll(/^/gm, '  ')}`)
}
if (refused.length > 0) {
  console.log(
    `${refused.length} of the skipped tests must not be skipped here: STEELYARD_NO_SKIPS=1`,
  )
}
if (passed + failed === 0) console.log('No test ran.')
console.log(`${passed} passed, ${failed} failed, ${skipped.length} skipped`)
process.exitCode = failed > 0 || refused.length > 0 || passed === 0 ? 1 : 0

/** @returns {Tally} */
function runVitest() {
  const report = join(REPORTS, 'vitest.json')
  const exitCode = runTool(
    'node_modules/vitest/vitest.mjs',
    ['run', '--reporter=default', '--reporter=json', `--outputFile.json=${report}`],
    report,
  )
  const results = /** @type {{ testResults: VitestFile[] } | null} */ (readReport(report))
  const files = results?.testResults ?? []
  const cases = files.flatMap((file) =>
    file.assertionResults.map((test) => ({ ...test, file: relative(ROOT, file.name) })),
  )
  return tally(
    {
      passed: cases.filter(({ status }) => status === 'passed').length,
      failures: [
        ...cases
          .filter(({ status }) => status === 'failed')
          .map(({ file, fullName, failureMessages }) => ({
            name: `${file}: ${fullName}`,
            error: failureMessages?.[0] ?? '',
          })),
        // A file that could not even be loaded holds no tests that could fail.
        ...files
          .filter((file) => file.status === 'failed' && file.assertionResults.length === 0)
          .map(({ name, message }) => ({ name: relative(ROOT, name), error: message ?? '' })),
      ].map(brief),
      skipped: cases
        .filter(({ status }) => status !== 'passed' && status !== 'failed')
        .map(({ file, fullName }) => ({
          name: `${file}: ${fullName}`,
          reason: fullName.includes('reference folder')
            ? 'no reference folder'
            : 'skipped in the test',
          tolerated: fullName.includes('reference folder'),
        })),
    },
    exitCode,
  )
}

/** @returns {Tally} */
function runPlaywright() {
  const report = join(REPORTS, 'playwright.json')
  if (!existsSync(join(ROOT, 'playwright.config.ts')))
    return { passed: 0, failures: [], skipped: [] }
  const hasChromium = findChromium() !== null
  const exitCode = runTool(
    'node_modules/@playwright/test/cli.js',
    // Without Chromium the tests are only listed, to be counted as skipped.
    [
      'test',
      '--pass-with-no-tests',
      ...(hasChromium ? ['--reporter=list,json'] : ['--list', '--reporter=json']),
    ],
    report,
    hasChromium ? 'inherit' : 'ignore',
  )
  const results = /** @type {{ suites: Suite[] } | null} */ (readReport(report))
  const tests = (results?.suites ?? []).flatMap(specsOf).flatMap((spec) =>
    spec.tests.map((test) => ({
      name: `${spec.file}: ${spec.title} [${test.projectName}]`,
      status: hasChromium ? test.status : 'skipped',
      reason: hasChromium
        ? (test.annotations.find(({ type }) => type === 'skip')?.description ??
          'skipped in the test')
        : 'no Chromium',
      isElectron: spec.tags.includes('electron'),
      error: test.results?.find(({ error }) => error !== undefined)?.error?.message ?? '',
    })),
  )
  return tally(
    {
      passed: tests.filter(({ status }) => status === 'expected' || status === 'flaky').length,
      failures: tests.filter(({ status }) => status === 'unexpected').map(brief),
      skipped: tests
        .filter(({ status }) => status === 'skipped')
        .map(({ name, reason, isElectron }) => ({
          name,
          reason,
          tolerated: isElectron || reason.includes('reference folder'),
        })),
    },
    exitCode,
  )
}

/**
 * The first lines of what went wrong, without the colours of a terminal.
 *
 * @param {Failure} failure
 * @returns {Failure}
 */
function brief({ name, error }) {
  const lines = stripVTControlCharacters(error).split('\n')
  return { name, error: lines.slice(0, LINES_OF_ERROR).join('\n') }
}

/**
 * A runner that fails without naming a failed test (it crashed, or could not load a file) counts
 * as one failure.
 *
 * @param {Tally} counts
 * @param {number} exitCode
 * @returns {Tally}
 */
function tally(counts, exitCode) {
  if (exitCode === 0 || counts.failures.length > 0) return counts
  const error = `It ended with ${exitCode} and named no test that failed.`
  return { ...counts, failures: [{ name: 'the runner of tests', error }] }
}

/**
 * @param {string} script  Path of the tool's entry, from the root of the repository.
 * @param {readonly string[]} args
 * @param {string} report  Where the tool writes its JSON report.
 * @param {'inherit' | 'ignore'} stdio
 * @returns {number} The exit code.
 */
function runTool(script, args, report, stdio = 'inherit') {
  mkdirSync(REPORTS, { recursive: true })
  rmSync(report, { force: true })
  const { status } = spawnSync(process.execPath, [join(ROOT, script), ...args], {
    cwd: ROOT,
    stdio,
    env: { ...process.env, PLAYWRIGHT_JSON_OUTPUT_FILE: report },
  })
  return status ?? 1
}

/**
 * @param {string} file
 * @returns {unknown} The parsed report, or null where the tool wrote none.
 */
function readReport(file) {
  if (!existsSync(file)) return null
  return /** @type {unknown} */ (JSON.parse(readFileSync(file, 'utf8')))
}

/**
 * @param {Suite} suite
 * @returns {Spec[]}
 */
function specsOf(suite) {
  return [...(suite.specs ?? []), ...(suite.suites ?? []).flatMap(specsOf)]
}
