import type { Page } from 'playwright-core'

/**
 * What is looked up inside the page. As text, because the compiler's DOM library would make `document` a word of
 * the whole project, which runs in no browser.
 */

/** How far the page reaches beyond the window, sideways. */
export function overflowOf(page: Page): Promise<number> {
  return page.evaluate('document.documentElement.scrollWidth - innerWidth')
}

/** Scrolls to a part of the page's height, at once. */
export function scrollTo(page: Page, part: number): Promise<void> {
  return page.evaluate(`scrollTo({ top: document.body.scrollHeight * ${part}, behavior: 'instant' })`)
}

/** Where the banner is, and whether anything lies over it. */
export function bannerOf(page: Page): Promise<{ top: number; height: number; isCovered: boolean }> {
  return page.evaluate(`(() => {
    const banner = document.querySelector('.banner')
    const { top, left, width, height } = banner.getBoundingClientRect()
    const points = [0.05, 0.5, 0.95].flatMap((x) => [0.1, 0.5, 0.9].map((y) => [left + width * x, top + height * y]))
    return { top, height, isCovered: points.some(([x, y]) => !banner.contains(document.elementFromPoint(x, y))) }
  })()`)
}

/** What has the focus, how it is marked, and whether something else or the window's edge hides it. */
export function focusOf(page: Page): Promise<{ text: string; outline: string; isHidden: boolean }> {
  return page.evaluate(`(() => {
    const element = document.activeElement
    const { outlineWidth, outlineStyle, outlineColor } = getComputedStyle(element)
    const { top, bottom, left, width, height } = element.getBoundingClientRect()
    const seen = document.elementFromPoint(left + width / 2, top + height / 2)
    return {
      text: element.textContent.trim(),
      outline: [outlineWidth, outlineStyle, outlineColor].join(' '),
      isHidden: top < 0 || bottom > innerHeight || seen === null || !element.contains(seen),
    }
  })()`)
}

/** How the banner is laid out: repeated on every page when printed, on top when shown. */
export function bannerStyleOf(page: Page): Promise<{ display: string; position: string }> {
  return page.evaluate(`(() => {
    const { display, position } = getComputedStyle(document.querySelector('.banner'))
    return { display, position }
  })()`)
}

/** Paints what a printed page is then searched for, and moves the timeline down. */
export function moveTimeline(page: Page, downPx: number): Promise<void> {
  return page.evaluate(`(() => {
    const paint = (selector, colour) =>
      document.querySelectorAll(selector).forEach((each) => { each.style.background = colour })
    paint('#timeline', '#330000')
    paint('.timeline thead th', '#003300')
    paint('.timeline tbody td', '#000033')
    document.querySelector('#timeline').parentElement.style.marginTop = '${downPx}px'
  })()`)
}
