import type { Locator, Page } from '@playwright/test'
import { expectNothingSerious } from './serious.ts'
import { expect, test } from './workbench.ts'

/** For what the workbench computes, on a busy machine. */
const patient = { timeout: 20_000 }

test.setTimeout(90_000)

test('before there are data, it says what to do', async ({ page }) => {
  await page.getByRole('button', { name: 'New project' }).click()
  await page.getByRole('textbox', { name: 'Name' }).fill('Empty')
  await page.keyboard.press('Enter')
  await page.getByRole('link', { name: /Strategies/ }).click(patient)
  await expect(page.getByRole('heading', { name: 'Nothing to treat yet' })).toBeVisible()
  await page.getByRole('link', { name: 'Choose data' }).click()
  await expect(page).toHaveURL(/#\/data/)
})

test('models are chosen under remedies, and what they have to beat comes along', async ({
  page,
}) => {
  await openStrategies(page)
  // A project that has chosen nothing runs the untreated models.
  await expect(names(page)).toHaveText(['lr', 'gbdt'])
  await expect(choice(page, 'Boosted trees, untreated')).toHaveAttribute('aria-pressed', 'true')

  // Of a family that is closed, what fits best is there; what was made up has class weights to beat.
  await expect(choice(page, 'SMOTE for boosted trees')).toBeHidden()
  await family(page, 'Over-sampling').click()
  await choice(page, 'SMOTE for boosted trees').click()
  await choice(page, 'Focal loss for neural network').click()
  await expect(names(page)).toHaveText([
    ...['lr', 'gbdt', 'mlp', 'gbdt_balanced', 'mlp_focal', 'gbdt_smote'],
  ])
  await expect(page.getByRole('button', { name: 'Run 6 configurations' })).toBeVisible(patient)
  await expect(page.getByText('The untreated model runs along')).toBeVisible()
  await expect(
    page.getByText("Focal loss for logistic regression can't be chosen.", { exact: false }),
  ).toBeAttached()
  await family(page, 'Over-sampling').click()
  await expect(choice(page, 'SMOTE for boosted trees')).toHaveAttribute('aria-pressed', 'true')

  // Without its plain form a model has no treatments either.
  await choice(page, 'Boosted trees, untreated').click()
  await expect(names(page)).toHaveText(['lr', 'mlp', 'mlp_focal'])
  await page.keyboard.press('Control+z')
  await expect(names(page)).toHaveText([
    ...['lr', 'gbdt', 'mlp', 'gbdt_balanced', 'mlp_focal', 'gbdt_smote'],
  ])
  await page.keyboard.press('Control+Shift+z')
  await expect(names(page)).toHaveText(['lr', 'mlp', 'mlp_focal'])
})

test('a hyperparameter outside its range is refused in words', async ({ page }) => {
  await openStrategies(page)
  await family(page, 'Over-sampling').click()
  await choice(page, 'SMOTE for boosted trees').click()
  await page.getByRole('button', { name: 'Details of gbdt_smote' }).click()

  const depth = page.getByLabel('Depth', { exact: true })
  await depth.fill('99')
  await expect(page.getByText('From 1 to 16.')).toBeVisible()
  await expect(depth).toHaveAttribute('aria-invalid', 'true')
  await depth.fill('4')
  await expect(page.getByText('From 1 to 16.')).toBeHidden()
  await depth.press('Enter')
  await expect(row(page, 'gbdt_smote')).toContainText('depth 4')
  await expect(page.getByText('Usually 6.')).toBeVisible()

  await page.getByLabel('Neighbours', { exact: true }).fill('2.5')
  await expect(page.getByText('A whole number.')).toBeVisible()
  await page.getByLabel('Ratio after sampling, 1 :', { exact: true }).fill('5')
  await expect(row(page, 'gbdt_smote')).toContainText('SMOTE to 1\u00a0:\u00a03')
  await page.keyboard.press('Enter')
  await expect(row(page, 'gbdt_smote')).toContainText('SMOTE to 1\u00a0:\u00a05')

  // Probabilities that stay moved are warned of.
  await page.getByRole('switch', { name: 'Shift the odds back' }).uncheck()
  await page.getByLabel('Recalibrate on other folds').selectOption('none')
  await expect(page.getByText('Probabilities stay moved')).toBeVisible()
  await expect(row(page, 'gbdt_smote')).toContainText('as trained')
})

test('configurations are renamed, duplicated and removed, and all of it is undone', async ({
  page,
}) => {
  await openStrategies(page)
  await choice(page, 'Class weights for boosted trees').click()
  await expect(names(page)).toHaveText(['lr', 'gbdt', 'gbdt_balanced'])

  await page.getByRole('button', { name: 'Duplicate gbdt_balanced' }).click()
  await expect(names(page)).toHaveText(['lr', 'gbdt', 'gbdt_balanced', 'gbdt_balanced_2'])
  const name = page.getByLabel('Name', { exact: true })
  await expect(name).toHaveValue('gbdt_balanced_2')
  await name.fill('gbdt')
  await expect(page.getByText('Another configuration has this name.')).toBeVisible()
  await name.fill('shallow trees')
  await expect(page.getByText('Use 1 to 60 letters, digits, _, - or .')).toBeVisible()
  await name.fill('shallow_trees')
  await name.press('Enter')
  await expect(names(page)).toHaveText(['lr', 'gbdt', 'gbdt_balanced', 'shallow_trees'])

  await page.getByLabel('Because', { exact: true }).fill('Shallow trees follow chance less.')
  await page.keyboard.press('Enter')
  await page.getByRole('button', { name: /^Undo/ }).click()
  await expect(page.getByLabel('Because', { exact: true })).toHaveValue('')

  await page.getByRole('button', { name: 'Remove gbdt_balanced' }).click()
  await expect(names(page)).toHaveText(['lr', 'gbdt', 'shallow_trees'])
  const undo = page.getByRole('button', { name: /^Undo/ })
  await undo.click()
  await expect(names(page)).toHaveText(['lr', 'gbdt', 'gbdt_balanced', 'shallow_trees'])
  await undo.click()
  await expect(names(page)).toHaveText(['lr', 'gbdt', 'gbdt_balanced', 'gbdt_balanced_2'])
  await undo.click()
  await undo.click()
  await expect(names(page)).toHaveText(['lr', 'gbdt'])
})

test('axe finds nothing serious', async ({ page }) => {
  await openStrategies(page)
  await family(page, 'Over-sampling').click()
  await choice(page, 'SMOTE for boosted trees').click()
  await page.getByRole('button', { name: 'About SMOTE', exact: true }).click()
  await choice(page, 'Rules before the model for boosted trees').click()
  await page.getByRole('button', { name: 'Details of gbdt_rules' }).click()
  await expect(page.getByRole('switch', { name: 'Shift the odds back' })).toBeVisible()
  await expectNothingSerious(page)
})

test('every method is found, judged on the data and greyed with the reason where it cannot run', async ({
  page,
}) => {
  await openStrategies(page)
  const ladder = page.getByRole('list', { name: 'Remedies, the cheapest first' })
  const status = page.getByRole('main').getByRole('status')
  await expect(status).toHaveText('41 methods')
  const search = page.getByRole('searchbox', { name: 'Find a method' })
  await search.fill('categories alone')
  await expect(ladder.getByRole('heading')).toHaveText(['SMOTEN'])
  await expect(ladder.getByText(/Can’t run here/)).toBeVisible(patient)
  await expect(ladder.getByRole('button', { name: /for boosted trees/ })).toHaveCount(0)
  await expect(ladder.getByText(/SMOTEN for boosted trees can't be chosen\./)).toBeAttached()
  await search.fill('no such thing')
  await expect(page.getByText('No method answers to “no such thing”.')).toBeVisible()
  await search.fill('')
  await page.getByRole('button', { name: 'Chosen', exact: true }).click()
  await expect(ladder.getByRole('heading')).toHaveText(['Threshold'])
  await page.getByRole('button', { name: 'Ladder', exact: true }).click()

  // What it needs is said beforehand.
  await page.getByRole('button', { name: 'About Class weights', exact: true }).click()
  await expect(ladder.getByText(/Each .+ case counts [\d.]+ times\./)).toBeVisible()
  await expect(ladder.getByText(/^Trees: .+ a fold, .+ MB of memory$/)).toBeVisible()

  // Balanced ensembles are held against a forest; two stages against their own threshold.
  await choice(page, 'Balanced random forest').click()
  await choice(page, 'Gate and filter').click()
  await expect(names(page)).toHaveText(['lr', 'gbdt', 'rf', 'brf', 'two_stage'])
  await page.getByRole('button', { name: 'Details of two_stage' }).click()
  const model = page.getByRole('group', { name: 'Model of two_stage' })
  await model.getByLabel(/^Gate/).selectOption('Random forest')
  await expect(row(page, 'two_stage')).toContainText('gate of recall 0.98')
})

test('a rule is written, refused with its place, and runs when it can be read', async ({
  page,
}) => {
  await openStrategies(page)
  await choice(page, 'Rules before the model for logistic regression').click()
  await expect(row(page, 'lr_rules')).toContainText('left out', patient)
  await page.getByRole('button', { name: 'Details of lr_rules' }).click()
  const rule = page.getByLabel('Rule 1: where')
  await rule.fill('amount >')
  await expect(rule).toHaveAttribute('aria-invalid', 'true')
  await rule.fill('amuont > 500')
  await expect(page.getByText(/amuont/).first()).toBeVisible()
  await rule.fill('amount > 500')
  await expect(rule).toHaveAttribute('aria-invalid', 'false')
  await rule.press('Enter')
  await expect(row(page, 'lr_rules')).toContainText('1 rule')
  await expect(row(page, 'lr_rules')).toContainText('to compute', patient)
  await page.getByRole('button', { name: /^Undo/ }).click()
  await expect(row(page, 'lr_rules')).toContainText('left out', patient)
})

test('boosted trees are held to a direction, column by column, from the keyboard', async ({
  page,
}) => {
  await openStrategies(page)
  await page.getByRole('button', { name: 'Details of gbdt' }).click()
  const group = page.getByRole('group', { name: 'Monotone columns' })
  await expect(group).toContainText('None: the probability may go either way with each.')
  await group.getByRole('button', { name: 'Choose columns' }).click()

  // Only numbers have a direction; why categories have none is said.
  await expect(group.getByRole('radiogroup', { name: 'amount', exact: true })).toBeVisible(patient)
  const category = group
    .getByRole('listitem')
    .filter({ hasText: 'Categories have no order' })
    .first()
  await expect(category).toBeVisible()
  await expect(category.getByRole('radio')).toHaveCount(0)

  await group.getByRole('searchbox', { name: 'Find a column' }).fill('AMOUNT')
  await expect(group.getByRole('status')).toHaveText('1 column')
  // One stop for each column, and arrows within.
  const amount = group.getByRole('radiogroup', { name: 'amount', exact: true })
  await amount.getByRole('radio', { name: 'Free' }).focus()
  await page.keyboard.press('ArrowRight')
  await expect(amount.getByRole('radio', { name: 'Rises' })).toBeChecked()
  await expect(row(page, 'gbdt')).toContainText('1 monotone column')
  await expect(group.getByRole('button', { name: 'Free amount' })).toBeVisible()
  await page.keyboard.press('ArrowRight')
  await expect(amount.getByRole('radio', { name: 'Falls' })).toBeChecked()
  await expect(group).toContainText('falls with amount')
  await expectNothingSerious(page)

  await group.getByRole('searchbox', { name: 'Find a column' }).fill('')
  await group.getByRole('button', { name: 'Chosen', exact: true }).click()
  await expect(group.getByRole('radiogroup')).toHaveCount(1)
  await group.getByRole('button', { name: 'Free amount' }).click()
  await expect(group).toContainText('No column is held to a direction.')
  await expect(row(page, 'gbdt')).not.toContainText('monotone')
  await page.getByRole('button', { name: /^Undo/ }).click()
  await expect(row(page, 'gbdt')).toContainText('1 monotone column')
})

test('what is searched for and found out is part of a configuration', async ({ page }) => {
  await openStrategies(page)
  await page.getByRole('button', { name: 'Details of gbdt' }).click()
  await page.getByRole('switch', { name: 'Search inside each training set' }).check()
  await page.getByLabel('Trials', { exact: true }).fill('1')
  await expect(page.getByText('From 2 to 500.')).toBeVisible()
  await page.getByLabel('Trials', { exact: true }).fill('9')
  await page.keyboard.press('Enter')
  await expect(page.getByText(/^9 sets are tried, of maxDepth 2 to 8/)).toBeVisible()
  await page.getByRole('switch', { name: 'Learning curve' }).check()
  await page.getByLabel('Recalibrate on other folds').selectOption('Venn-Abers')
  await expect(
    page.getByText(/^Any rising curve, followed with caution\. .+, because/),
  ).toBeVisible()
  // What it was has to be beaten, and comes back under another name.
  await expect(row(page, 'gbdt')).toContainText('recalibrated')
  await expect(row(page, 'gbdt_2')).toContainText('untreated')
  await expect(page.getByRole('button', { name: /^Undo/ })).toBeEnabled()
})

async function openStrategies(page: Page): Promise<void> {
  await page.getByRole('button', { name: /sample/i }).click()
  await page.getByRole('link', { name: /Strategies/ }).click(patient)
  await expect(page.getByRole('heading', { level: 1, name: 'Strategies' })).toBeVisible()
  await expect(names(page).first()).toBeVisible(patient)
}

/** The button of a model in the card of a remedy. */
function choice(page: Page, name: string): Locator {
  return page.getByRole('list', { name: 'Remedies, the cheapest first' }).getByRole('button', {
    name,
    exact: true,
  })
}

/** The button that opens a family of methods. */
function family(page: Page, name: string): Locator {
  return page.getByRole('button', { name: new RegExp(`^${name}`) })
}

function configurations(page: Page): Locator {
  return page.getByRole('region', { name: 'Configurations' })
}

function names(page: Page): Locator {
  return configurations(page).locator('.line b')
}

function row(page: Page, name: string): Locator {
  return configurations(page)
    .locator('.line')
    .filter({ has: page.getByRole('button', { name: `Details of ${name}`, exact: true }) })
}
