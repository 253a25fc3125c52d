/**
 * A focal run against a weighted and an untreated one, told by gradient flow, receipt and ledger: on
 * two data sets of the reference folder where there is one, and on made-up parcels everywhere.
 * STEELYARD_PICTURES names a folder that gets pictures of the former in both themes.
 */
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import type { Page } from '@playwright/test'
import { withPalette } from '../../scripts/palette-png.mjs'
import { referenceFolder } from '../reference/load.ts'
import { draws } from '../support/draws.ts'
import { steelyard, useProject } from './prepared.ts'
import { expectNothingSerious } from './serious.ts'
import { expect, test } from './workbench.ts'

interface Story {
  readonly name: string
  /** Where the table lies, and what is asked of it. */
  readonly table: (folder: string) => string
  readonly args: readonly string[]
}

const patient = { timeout: 60_000 }
const boosting = { kind: 'gradient_boosting', iterations: 100, max_depth: 4 }
const repaired = { correction: true, calibrator: 'auto' }
const plan = {
  version: 1,
  folds: 5,
  configurations: [
    { name: 'untreated', model: boosting },
    {
      ...{ name: 'weighted', model: boosting },
      ...{ weighting: { kind: 'balanced' }, calibration: repaired },
    },
    {
      name: 'focal',
      model: { ...boosting, loss: { kind: 'focal', gamma: 2, alpha: 0.25 } },
      calibration: repaired,
    },
  ],
}

/** Parcels of which one in twenty-five came back. */
function parcels(folder: string): string {
  const { bell } = draws(5)
  const lines = Array.from({ length: 3000 }, (_, row) => {
    const isBack = row % 25 === 0
    const weight = bell() + (isBack ? 0.9 : 0)
    return `${weight.toFixed(3)},${(bell() - (isBack ? 0.6 : 0)).toFixed(3)},${isBack ? 'yes' : 'no'}`
  })
  const file = join(folder, 'parcels.csv')
  writeFileSync(file, `weight,distance,returned\n${lines.join('\n')}\n`)
  return file
}

const reference = referenceFolder()
const ofReference = (name: string, args: readonly string[]): readonly Story[] =>
  reference === null ? [] : [{ name, table: () => join(reference, 'data', `${name}.csv`), args }]
const stories: readonly Story[] = [
  { name: 'parcels', table: parcels, args: ['--target', 'returned', '--positive', 'yes'] },
  ...ofReference('mammography', ['--target', 'calcification', '--positive', '1']),
  ...ofReference('ai4i2020', [
    ...['--target', 'Machine failure', '--positive', '1'],
    ...['--ignore', 'UDI,Product ID,TWF,HDF,PWF,OSF,RNF'],
  ]),
]

for (const { name, table, args } of stories) {
  test.describe(name, () => {
    test.setTimeout(300_000)
    useProject(name, (project, folder) => {
      const file = join(folder, 'plan.json')
      writeFileSync(file, JSON.stringify(plan))
      steelyard(
        ...['analyze', table(folder), '--plan', file, '--project', project, ...args],
        ...['--cost-fn', '50', '--cost-fp', '1'],
        ...['--ack', 'G21=The labels are not what is tried here.'],
      )
    })

    for (const colorScheme of ['light', 'dark'] as const) {
      test(`who pulls, what scores mean and what it buys, ${colorScheme}`, async ({ page }) => {
        await page.emulateMedia({ colorScheme, reducedMotion: 'reduce' })
        await expect(page.getByRole('heading', { level: 1 })).toBeVisible()
        await openRun(page, 'focal')

        const flow = page.getByRole('region', { name: 'What training attends to' })
        await expect(flow.locator('tbody tr')).toHaveCount(3, patient)
        const hardPositives = async (run: string): Promise<number> => {
          const cells = flow.locator('tbody tr').filter({ hasText: run }).locator('td.num')
          const shares = (await cells.allTextContents()).map((text) => Number.parseInt(text, 10))
          expect(shares.reduce((sum, share) => sum + share, 0)).toBeGreaterThan(97)
          return shares[0]!
        }
        // Weights make the rare class easy; focal loss turns training to what is hard in it.
        const untreated = await hardPositives('untreated')
        expect(await hardPositives('focal')).toBeGreaterThan(untreated)
        expect(await hardPositives('weighted')).toBeLessThan(untreated)
        await flow.getByRole('button', { name: 'Table', exact: true }).click()
        await expect(flow.getByRole('columnheader', { name: 'Iteration' })).toBeVisible()
        await flow.getByRole('button', { name: 'Chart', exact: true }).click()
        await flow.scrollIntoViewIfNeeded()
        await picture(page, `focal-${name}-runs`, colorScheme)

        // As trained its scores are no frequencies; repaired they are, and the price is said.
        const receipt = page.getByRole('table', { name: 'Calibration of focal' })
        const observed = receipt.getByRole('row', { name: /^Observed/ }).locator('td.num')
        const [raw, , now] = (await observed.allTextContents()).map(Number)
        expect(Math.abs(Math.log(now!))).toBeLessThan(Math.abs(Math.log(raw!)))
        expect(now).toBeGreaterThan(0.85)
        expect(now).toBeLessThan(1.15)
        await expect(
          page.getByText(
            /^Its Brier score × 1,000 (stays|is not) above that of the untreated model/,
          ),
        ).toBeVisible()
        await expectNothingSerious(page)

        // All three are held against each other on the same folds.
        const runs = page.getByRole('table', { name: 'Runs of the experiment' })
        for (const run of ['untreated', 'weighted', 'focal']) {
          await runs.getByRole('button', { name: new RegExp(`^${run}`) }).click()
          await page.getByRole('button', { name: /^Compare it$|^Compared$/ }).waitFor()
          const compared = page.getByRole('button', { name: 'Compared', exact: true })
          if (!(await compared.isVisible())) {
            await page.getByRole('button', { name: 'Compare it' }).click()
          }
          await expect(compared).toBeVisible()
        }
        await page.getByRole('main').getByRole('link', { name: 'Compare' }).click()
        const ledger = page.getByRole('region', { name: 'Runs against the champion' })
        await expect(ledger.getByRole('row')).toHaveCount(4, patient)
        await picture(page, `focal-${name}-compare`, colorScheme)
      })
    }
  })
}

async function openRun(page: Page, run: string): Promise<void> {
  await page.evaluate((hash) => {
    location.hash = hash
  }, `#/runs?run=${run}`)
  await expect(page.getByRole('heading', { level: 1, name: 'Runs' })).toBeVisible()
  await expect(page.getByRole('table', { name: `Calibration of ${run}` })).toBeVisible(patient)
}

/** Of the data sets that others have too. */
async function picture(page: Page, name: string, colorScheme: string): Promise<void> {
  const folder = process.env['STEELYARD_PICTURES']
  if (folder === undefined || name.includes('parcels')) return
  await page.mouse.move(1, 1)
  const file = join(folder, `${name}-${colorScheme}.png`)
  writeFileSync(file, withPalette(await page.screenshot()))
}
