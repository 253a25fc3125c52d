import { AxeBuilder } from '@axe-core/playwright'
import type { Page } from '@playwright/test'
import { expect } from './workbench.ts'

/**
 * Fails on anything that axe calls serious or worse, in the colours that are on and in the others.
 *
 * @param leftOut  Selector of what is not looked at.
 */
export async function expectNothingSerious(page: Page, leftOut?: string): Promise<void> {
  const isDark = await page.evaluate(() => matchMedia('(prefers-color-scheme: dark)').matches)
  for (const colorScheme of isDark ? (['light', 'dark'] as const) : (['dark', 'light'] as const)) {
    await page.emulateMedia({ colorScheme, reducedMotion: 'reduce' })
    const axe = new AxeBuilder({ page })
    if (leftOut !== undefined) axe.exclude(leftOut)
    const { violations } = await axe.analyze()
    const serious = violations.filter(({ impact }) => impact === 'serious' || impact === 'critical')
    expect
      .soft(
        serious.map(({ id, nodes }) => [id, ...nodes.map(({ html }) => html.slice(0, 160))]),
        `what axe finds at ${page.url().split('#')[1] ?? ''} in ${colorScheme} colours`,
      )
      .toEqual([])
  }
}
