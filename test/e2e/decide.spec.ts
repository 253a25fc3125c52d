/** What an analyst decides by: guardrails, solver, what-if, the locked test set, changed cases. */
import type { Page } from '@playwright/test'
import { usePaymentsProject } from './prepared.ts'
import { expectNothingSerious } from './serious.ts'
import { expect, test } from './workbench.ts'

/** For what a worker computes. */
const patient = { timeout: 30_000 }

test.setTimeout(120_000)

test.describe('a project with a locked test set', () => {
  usePaymentsProject('compared', ['--test-share', '0.25'])

  test('solves wishes, and says on what to give way where they contradict', async ({ page }) => {
    await open(page, 'threshold', 'Threshold')
    const side = page.getByRole('complementary')
    await expect(side.getByRole('heading', { name: 'Solver' })).toBeVisible(patient)
    const alerts = side.getByRole('textbox', { name: /^Alerts at most/ })
    await expect(alerts).toHaveValue('60')
    const recall = side.getByRole('textbox', { name: /^Recall at least/ })
    await recall.fill('100')
    await alerts.fill('5')
    await alerts.press('Enter')
    await expect(side.getByText(/^No threshold keeps recall at least 1 and alerts/)).toBeVisible()
    await expect(side.getByText(/^Give way on recall:/)).toBeVisible()
    await side.getByRole('button', { name: /^Solver: move to .* if recall gives way$/ }).click()
    await expect(page.getByRole('slider', { name: 'Decision threshold' })).toBeVisible()
    await recall.fill('')
    await recall.press('Enter')
    await expect(side.getByText(/^Alerts from/)).toBeVisible()
    await expectNothingSerious(page)
  })

  test('says what would change the decision', async ({ page }) => {
    await open(page, 'threshold', 'Threshold')
    await page.getByRole('button', { name: 'What if', exact: true }).click(patient)
    const main = page.getByRole('main')
    await expect(main.getByRole('heading', { name: 'Which run at which ratio' })).toBeVisible()
    // Costs are a column there, so that no one ratio is theirs.
    await expect(main.getByText('Costs differ from case to case.')).toBeVisible()
    await expect(main.getByText(/is best when FN:FP >|whatever a miss costs/)).toBeVisible(patient)
    await expectNothingSerious(page)
  })

  test('opens the locked test set with a reason, once, and counts it', async ({ page }) => {
    await open(page, 'threshold', 'Threshold')
    const side = page.getByRole('complementary')
    await expect(side.getByText('unopened')).toBeVisible(patient)
    await side.getByRole('button', { name: 'Open it' }).click()
    const dialog = page.getByRole('dialog', { name: 'Open the locked test set' })
    await dialog.getByLabel('Because').fill('Sign-off by the board.')
    await expectNothingSerious(page)
    await dialog.getByRole('button', { name: /^Open at / }).click()
    await expect(side.getByText('opened 1×')).toBeVisible(patient)
    await expect(side.getByText('Sign-off by the board.')).toBeVisible()
    await expect(side.getByText(/\d+ of 25 caught/)).toBeVisible()
  })

  test('lists what guardrails found beside the runs', async ({ page }) => {
    await open(page, 'runs', 'Runs')
    const side = page.getByRole('complementary')
    await expect(side.getByText('Passed over: labels were audited').first()).toBeVisible(patient)
    await side
      .getByText(/^Why\?/)
      .first()
      .click()
    await expect(side.getByText(/\d+ kept$/)).toBeVisible()
    await expectNothingSerious(page)
  })

  test('compares with a zone of equality, cases that changed side, and the ledger', async ({
    page,
  }) => {
    await open(page, 'compare', 'Compare')
    const table = page.getByRole('region', { name: 'Runs against the champion' })
    await expect(table.getByRole('row')).toHaveCount(4, patient)
    const zone = page.getByRole('textbox', { name: /count as equal/ })
    await zone.fill('100000')
    await zone.press('Enter')
    await expect(table.getByText('equal in practice')).toHaveCount(2)
    const changed = page.getByRole('region', { name: 'Cases that changed side' })
    await expect(changed.getByText(/^Decided alike$/)).toBeVisible(patient)
    await expect(changed.getByText(/caught by .* alone$/).first()).toBeVisible()
    const ledger = page.getByRole('region', { name: 'Treatment ledger', exact: true }).last()
    await expect(ledger.getByText('by costs alone')).toHaveCount(2, patient)
    await expect(ledger.getByText('logit-adjusted (a mark)')).toHaveCount(2)
    const leak = page.getByRole('region', { name: 'What leakage would claim' })
    await leak.getByRole('button', { name: 'Show it' }).click()
    await expect(leak.getByText('Sampled before splitting (invalid)')).toBeVisible(patient)
    const hypothesis = page.getByRole('textbox', { name: 'Hypothesis' })
    await hypothesis.fill('Weights catch more at the same alerts.')
    await page.keyboard.press('Tab')
    await page.reload()
    await expect(page.getByRole('textbox', { name: 'Hypothesis' })).toHaveValue(
      'Weights catch more at the same alerts.',
      patient,
    )
    await expectNothingSerious(page)
  })
})

test.describe('a project whose frame sets several limits', () => {
  usePaymentsProject('untreated', [
    ...['--review-minutes', '10', '--review-hours', '6'],
    ...['--commitment', 'recall>=0.3', '--commitment', 'precision>=0.15'],
  ])

  test('shows the limit that binds, and solves under all of them', async ({ page }) => {
    await open(page, 'threshold', 'Threshold')
    const side = page.getByRole('complementary')
    await expect(side.getByRole('heading', { name: 'Solver' })).toBeVisible(patient)
    for (const [name, value] of [
      [/^Recall at least/, '30'],
      [/^Precision at least/, '15'],
      [/^Alerts at most/, '60'],
      [/^Review hours at most/, '6'],
      ['Minutes per alert', '10'],
    ] as const) {
      await expect(side.getByRole('textbox', { name })).toHaveValue(value)
    }
    const main = page.getByRole('main')
    // Six hours at ten minutes are fewer alerts than the 60 that are allowed.
    const alerts = main.locator('.fig', { hasText: 'Alerts a day' })
    await expect(alerts).toContainText('of 36')
    await expect(alerts).toContainText(/[\d.]+ of 6 h/)
    await expect(main.getByText('36 a day, 6\u00a0h', { exact: true })).toBeVisible()
    await expect(main.getByText('meets all limits')).toBeVisible()
    await expect(main.getByText('meets 30\u202f%')).toBeVisible()
    await expect(main.getByText('meets 15\u202f%')).toBeVisible()
    await expectNothingSerious(page)
  })
})

test('limits on alerts and hours are weighed against each other while they are stated', async ({
  page,
}) => {
  await page.getByRole('button', { name: /sample/i }).click()
  await page.getByRole('link', { name: /^Frame/ }).click(patient)
  const state = async (name: string, value: string): Promise<void> => {
    const box = page.getByRole('textbox', { name, exact: true })
    await expect(box).toBeEnabled(patient)
    await box.fill(value)
    await box.press('Enter')
  }
  const hours = page.getByRole('textbox', { name: 'Review hours a day at most' })
  await state('Cases a day', '1000')
  await expect(hours).toBeDisabled()
  await state('Minutes that reviewing an alert takes', '6')
  await state('Review hours a day at most', '8')
  const main = page.getByRole('main')
  await expect(main.getByText('8 h at 6 min are 80 alerts a day.')).toBeVisible()
  const chip = page.getByTitle('The frame that every figure uses')
  await expect(chip).toContainText('≤ 80 a day, 8 h')
  await state('Alerts a day at most', '60')
  await expect(
    main.getByText('8 h at 6 min are 80 alerts a day; your limit of 60 alerts binds.'),
  ).toBeVisible()
  await expect(chip).toContainText('≤ 60 a day')
  await state('Committed recall, percent', '70')
  await state('Committed precision, percent', '40')
  await expect(chip).toContainText(/recall ≥ 70.*precision ≥ 40/)
  await expect(
    page.getByText(/At least 70.* has to be found\. At least 40.* of alerts/),
  ).toBeVisible()
  await expectNothingSerious(page)
  // Without the cases of a day none of these says anything.
  await state('Cases a day', '')
  await expect(page.getByRole('textbox', { name: 'Alerts a day at most' })).toHaveValue('')
  await expect(hours).toHaveValue('')
})

test('a treatment without costs is sent to the frame', async ({ page }) => {
  await page.getByRole('button', { name: /sample/i }).click()
  await page.getByRole('link', { name: /^Frame/ }).click(patient)
  await page.getByRole('link', { name: /^Strategies/ }).click()
  const panel = page.getByRole('region', { name: 'How cases are set apart' })
  await panel.getByRole('button', { name: 'In order of time' }).click(patient)
  await panel.getByRole('textbox').first().fill('3')
  await page.keyboard.press('Enter')
  await expect(panel.getByText('Days between training and what is judged.')).toBeVisible()
  await expect(page.getByText(/folds mix all times/)).toBeHidden(patient)
  await page.getByRole('button', { name: /^Class weights for logistic regression/ }).click()
  await page.getByRole('button', { name: /^Run \d+ configurations/ }).click()
  const dialog = page.getByRole('dialog')
  await expect(dialog).toContainText('G01', patient)
  await expectNothingSerious(page)
  await dialog.getByRole('button', { name: 'To the frame' }).click()
  await expect(page).toHaveURL(/#\/frame/)
  await expect(dialog).toBeHidden()
})

async function open(page: Page, view: string, title: string): Promise<void> {
  await expect(page.getByRole('heading', { level: 1 })).toBeVisible()
  await page.evaluate((hash) => {
    location.hash = hash
  }, `#/${view}`)
  await expect(page.getByRole('heading', { level: 1, name: title })).toBeVisible()
}
