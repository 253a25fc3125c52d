import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import type { Page } from '@playwright/test'
import { draws } from '../support/draws.ts'
import { steelyard, useProject } from './prepared.ts'
import { expectNothingSerious } from './serious.ts'
import { expect, test } from './workbench.ts'

/** For what the workbench computes, on a busy machine. */
const patient = { timeout: 60_000 }

test.setTimeout(180_000)

/** Parcels of which one in ten came back. */
function parcels(nRows: number): string {
  const { bell } = draws(11)
  const lines = ['weight,distance,returned']
  for (let row = 0; row < nRows; row++) {
    const isBack = row % 10 === 0
    const weight = bell() + (isBack ? 0.8 : 0)
    const distance = bell() - (isBack ? 0.5 : 0)
    lines.push(`${weight.toFixed(3)},${distance.toFixed(3)},${isBack ? 'yes' : 'no'}`)
  }
  return `${lines.join('\n')}\n`
}

test.describe('a project with finished runs', () => {
  useProject('Returned parcels', (project, folder) => {
    const table = join(folder, 'parcels.csv')
    const plan = join(folder, 'plan.json')
    writeFileSync(table, parcels(900))
    const repaired = { correction: true, calibrator: 'sigmoid' }
    writeFileSync(
      plan,
      JSON.stringify({
        version: 1,
        folds: 3,
        configurations: [
          {
            ...{ name: 'lr', model: { kind: 'logistic_regression' } },
            insight: { learning_curve: { shares: [0.3, 0.6] }, contributions: { samples: 50 } },
          },
          {
            ...{ name: 'lr_balanced', model: { kind: 'logistic_regression' } },
            ...{ weighting: { kind: 'balanced' }, calibration: repaired },
            search: {
              ...{ kind: 'random', trials: 3 },
              ranges: { c: { low: 0.01, high: 10, scale: 'log' } },
            },
          },
          {
            ...{ name: 'lr_smote', model: { kind: 'logistic_regression' } },
            sampling: { kind: 'smote', target_imbalance_ratio: 3, neighbors: 5 },
            calibration: repaired,
          },
        ],
      }),
    )
    steelyard(
      ...['analyze', table, '--plan', plan, '--project', project],
      ...['--target', 'returned', '--positive', 'yes', '--cost-fn', '20', '--cost-fp', '3'],
      ...['--currency', '€'],
      ...['G10', 'G21'].flatMap((id) => ['--ack', `${id}=labels were audited`]),
    )
  })

  test('each run has its folds, its thresholds and its receipt', async ({ page }) => {
    await openRuns(page)
    const runs = page.getByRole('table', { name: 'Runs of the experiment' })
    await expect(runs.getByText('finished')).toHaveCount(3, patient)
    await runs.getByRole('button', { name: /^lr_smote/ }).click()
    await expect(page).toHaveURL(/run=lr_smote/)

    // Two training folds of three: 540 and 60 cases; SMOTE to 1 : 3 makes up 120.
    const folds = page.getByRole('table', { name: /^What each fold of lr_smote/ })
    await expect(folds.locator('tbody tr')).toHaveCount(3)
    await expect(folds.locator('tbody tr').first().locator('td')).toHaveText([
      ...['1', '720', '180', '120', /^\d+$/, /^0\.\d+$/, / s$/],
    ])

    const receipt = page.getByRole('table', { name: 'Calibration of lr_smote' })
    await expect(receipt.getByRole('columnheader')).toHaveText([
      ...['Measure', 'Trained', 'Shift', 'Now'],
    ])
    const [raw, , now] = await receipt
      .getByRole('row', { name: /^Observed/ })
      .locator('td.num')
      .allTextContents()
    // SMOTE says a case is positive far too often; repaired, it doesn't.
    expect(Number(raw)).toBeLessThan(0.7)
    expect(Number(now)).toBeGreaterThan(0.85)
    expect(Number(now)).toBeLessThan(1.15)
    await expect(page.getByText(/^As trained, a score of 0\.30 meant about/)).toBeVisible()

    const rules = page.getByRole('table', { name: 'Threshold rules of lr_smote' })
    await expect(rules.locator('tbody tr')).toHaveCount(3)
    const columns = page.getByRole('table', { name: 'What lr_smote owes to each column' })
    await expect(columns.locator('tbody tr')).toHaveCount(2)
    await expect(columns.locator('tbody td').first()).toHaveText('weight')

    await runs.getByRole('button', { name: /^lr(?!_)/ }).click()
    await expect(page.getByText(/Nothing was shifted or recalibrated/)).toBeVisible()
    await page.getByRole('button', { name: 'Compare it' }).click()
    await expect(page.getByRole('button', { name: 'Compared', exact: true })).toBeVisible()
    await page.getByRole('link', { name: 'Move its threshold' }).click()
    await expect(page.getByRole('slider', { name: 'Decision threshold' })).toBeVisible(patient)
    await expect(page).toHaveURL(/run=lr$/)
  })

  test('how a run came about: made-up samples, trials, learning curve, fold proof', async ({
    page,
  }) => {
    await openRuns(page)
    const runs = page.getByRole('table', { name: 'Runs of the experiment' })
    await runs.getByRole('button', { name: /^lr_smote/ }).click()

    // 120 made-up samples in each of three folds, all of them looked at.
    const passport = page.getByRole('region', { name: 'Passport of made-up samples' })
    await expect(
      passport.getByText(/^Of 360 made-up samples looked at, \d+.% lie where/),
    ).toBeVisible(patient)
    const example = passport.getByRole('table', { name: /^A made-up sample of fold 1/ })
    await expect(example.getByRole('row')).toHaveCount(3)
    await passport.getByRole('button', { name: 'Next example' }).click()
    await expect(passport.getByText('Example 2 of 6')).toBeVisible()

    // Each fold's made-up samples come from the other two.
    const proof = page.getByRole('table', { name: 'Fold proof of lr_smote' })
    const rows = await proof.locator('tbody tr').all()
    expect(rows).toHaveLength(3)
    for (const [fold, row] of rows.entries()) {
      const cells = (await row.locator('td').allTextContents()).map(Number)
      expect(cells.slice(0, 4)).toEqual([fold + 1, 300, 0, 120])
      const from = cells.slice(4)
      expect(from[fold]).toBe(0)
      expect(from.reduce((sum, count) => sum + count, 0)).toBe(120)
    }
    await expect(page.getByText('No made-up sample has a parent or neighbour')).toBeVisible()
    await expect(
      page.getByText(/^Its Brier score × 1,000 .+ the untreated model, lr:/),
    ).toBeVisible()

    await runs.getByRole('button', { name: /^lr_balanced/ }).click()
    const trials = page.getByRole('table', {
      name: 'Trials of the search of lr_balanced in fold 1',
    })
    await expect(trials.locator('tbody tr')).toHaveCount(3, patient)
    await expect(trials.getByText('taken')).toHaveCount(1)
    await page.getByLabel('Fold of the search').selectOption('Fold 2')
    await expect(
      page.getByRole('table', { name: 'Trials of the search of lr_balanced in fold 2' }),
    ).toBeVisible()

    await runs.getByRole('button', { name: /^lr(?!_)/ }).click()
    const curve = page.getByRole('region', { name: 'Learning curve' })
    await expect(
      curve.getByText(/^From \d+ to \d+ cases a fold average precision went/).last(),
    ).toBeVisible()
    await curve.getByRole('button', { name: 'Table', exact: true }).click()
    await expect(curve.getByRole('row')).toHaveCount(4)
    const columns = page.getByRole('table', {
      name: 'Mean contribution of each column to the logit in lr',
    })
    await expect(columns.locator('tbody tr')).toHaveCount(2)
    await expect(passport).toBeHidden()

    await page.getByLabel('Row to explain').fill('11')
    await page.keyboard.press('Enter')
    await page.getByRole('button', { name: 'Explain it' }).click()
    const explained = page.getByRole('table', { name: 'What columns contribute to row 11' })
    await expect(explained.locator('tbody tr')).toHaveCount(2, patient)
    await expect(page.getByText(/^Row 11 is Positive; the model of fold \d gives it/)).toBeVisible()
  })

  test('axe finds nothing serious', async ({ page }) => {
    await openRuns(page)
    const runs = page.getByRole('table', { name: 'Runs of the experiment' })
    await runs.getByRole('button', { name: /^lr_smote/ }).click()
    await expect(page.getByRole('table', { name: 'Fold proof of lr_smote' })).toBeVisible(patient)
    await expectNothingSerious(page)
  })
})

test('before any run, it says what to do; a run is watched, cancelled and resumed', async ({
  page,
}) => {
  await page.getByRole('button', { name: /sample/i }).click()
  await page.getByRole('link', { name: /Runs/ }).click(patient)
  await expect(page.getByRole('heading', { name: 'No runs yet' })).toBeVisible()
  await page.getByRole('link', { name: 'Choose what to run' }).click()

  // Fewer trees than usual: enough to be caught at it.
  await page.getByRole('button', { name: 'Details of gbdt' }).click(patient)
  await page.getByLabel('Iterations', { exact: true }).fill('60')
  await page.keyboard.press('Enter')
  await expect(page.getByText('Usually 200.')).toBeVisible()
  await page.getByRole('button', { name: /^Run 2 configurations/ }).click()
  await expect(page).toHaveURL(/#\/runs\?experiment=\d+/)
  const main = page.getByRole('main')
  await expect(main.getByRole('progressbar').first()).toBeVisible()
  await main.getByRole('button', { name: 'Cancel' }).click()

  const stopped = main.getByText('This experiment was stopped before its end.', { exact: false })
  await expect(stopped).toBeVisible(patient)
  await expect(stopped).toContainText(/\d+ folds are left/)
  await main.getByRole('button', { name: 'Resume' }).click()
  await expect(stopped).toBeHidden()
  await expect(main.getByText('finished', { exact: true })).toHaveCount(2, patient)
  await expect(page.getByRole('table', { name: /^Calibration of/ })).toBeVisible(patient)
  await expect(page.getByRole('heading', { name: 'Repeat it' })).toBeVisible()
})

test.describe('a host that dies in the middle of a run', () => {
  test.use({ tolerated: /WebSocket connection to|ERR_CONNECTION_REFUSED/ })

  test('the run is offered to be resumed, and keeps what it had', async ({ page, host }) => {
    await page.getByRole('button', { name: /sample/i }).click()
    await page.getByRole('link', { name: /Strategies/ }).click(patient)
    await page.getByRole('button', { name: /^Run 2 configurations/ }).click(patient)
    const main = page.getByRole('main')
    // Some folds are done.
    await expect(main.getByText(/^[1-4] of 5$|^finished$/).first()).toBeVisible(patient)
    await host.kill()
    await host.restart()

    await page.goto(host.url)
    await page.reload()
    await page.getByRole('button', { name: /^Restore/ }).click(patient)
    await page.getByRole('link', { name: /Runs/ }).click(patient)
    const stopped = main.getByText('This experiment was stopped before its end.', { exact: false })
    await expect(stopped).toBeVisible(patient)
    const left = Number(/(\d+) folds are left/.exec((await stopped.textContent()) ?? '')?.[1])
    expect(left).toBeGreaterThan(0)
    expect(left).toBeLessThan(10)
    await main.getByRole('button', { name: 'Resume' }).click()
    await expect(stopped).toBeHidden()
    await expect(main.getByRole('progressbar').first()).toBeVisible()
  })
})

async function openRuns(page: Page): Promise<void> {
  await expect(page.getByRole('heading', { level: 1 })).toBeVisible()
  await page.evaluate(() => {
    location.hash = '#/runs'
  })
  await expect(page.getByRole('heading', { level: 1, name: 'Runs' })).toBeVisible()
}
