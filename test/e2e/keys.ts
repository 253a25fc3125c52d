import type { Locator, Page } from '@playwright/test'
import { expect } from './workbench.ts'

/** More stops than any screen has before what is looked for. */
const mostStops = 120

/** Presses Tab until the focus is there; at every stop on the way it has to be seen. */
export async function tabTo(page: Page, target: Locator, name: string): Promise<void> {
  await expect(target, name).toBeVisible()
  for (let stop = 0; stop < mostStops; stop++) {
    if (await target.evaluate((element) => element === document.activeElement)) return
    await page.keyboard.press('Tab')
    expect(await focusProblem(page), `on the way to ${name}`).toBe(null)
  }
  throw new Error(`the Tab key doesn't come to ${name}`)
}

/** Why the focus can't be seen where it is; null when it can. */
function focusProblem(page: Page): Promise<string | null> {
  return page.evaluate(() => {
    const element = document.activeElement
    // From the last stop the browser leaves the page for its own bars.
    if (element === null || element === document.body) return null
    const name = element.outerHTML.slice(0, 160)
    if (element.tagName === 'IFRAME') return null
    if (!element.matches(':focus-visible')) return `not marked as focused: ${name}`
    const { width, height, left, top, right, bottom } = element.getBoundingClientRect()
    const isAway = right <= 0 || bottom <= 0 || left >= innerWidth || top >= innerHeight
    if (width === 0 || height === 0 || isAway) return `out of view: ${name}`
    const isMarked = (style: CSSStyleDeclaration): boolean =>
      !['', 'none'].includes(style.boxShadow) ||
      (!['', 'none'].includes(style.outlineStyle) && style.outlineWidth !== '0px')
    if (element.matches('input[type=range]')) {
      // The style of a thumb can't be asked for; the rule that marks it can.
      const thumb = '::-webkit-slider-thumb'
      const rules = [...document.styleSheets].flatMap(({ cssRules }) => [...cssRules])
      const marks = rules.some(
        (rule) =>
          rule instanceof CSSStyleRule &&
          rule.selectorText.endsWith(`:focus-visible${thumb}`) &&
          element.matches(rule.selectorText.slice(0, -thumb.length)) &&
          isMarked(rule.style),
      )
      return marks ? null : `a slider without a mark: ${name}`
    }
    // A row or a card may be marked in place of the small box in it.
    for (let each: Element | null = element, up = 0; each !== null && up < 3; up++) {
      if (isMarked(getComputedStyle(each))) return null
      each = each.parentElement
    }
    return `without a mark: ${name}`
  })
}
