import { html } from 'hono/html'
import type { Sentence } from '../../kernel/hub-error.ts'
import { type FormAction, formButton, localPath } from '../form.ts'
import { document, type Page } from '../page.ts'
import { NAME_CHARS_MAX, shown } from '../shown.ts'

/** One page of the council's office: where it is, and what it is called. */
export interface OfficeLink {
  to: string
  label: Sentence
}

/** What stands round every page of the council's office. */
export interface OfficeFrame {
  regionName: string
  userName: string
  /** The pages that this login may open. */
  links: readonly OfficeLink[]
  /** The path of the page now open. */
  current: string
  close: FormAction
}

/** Who is at the screen on top, where they may go, then the page. `printedAs` names the paper at its foot. */
export function officePage(
  frame: OfficeFrame,
  title: Sentence,
  content: Page,
  printedAs: 'office' | 'disclosure' = 'office',
): Page {
  const { regionName, userName, links, current, close } = frame
  return document(
    { title: title.ja },
    html`<a class="skip" href="#content">本文へ移動</a>
<div class="product" role="region" aria-label="利用者"><p class="product-name">つなぎ</p><p class="asker">${shown(regionName, NAME_CHARS_MAX)} 協議会事務局｜${shown(userName, NAME_CHARS_MAX)}</p>${formButton(close, '終了する', 'quiet')}</div>
<nav class="office-nav" aria-label="協議会事務局"><ul>${links.map(
      ({ to, label }) =>
        html`<li><a href="${localPath(to)}"${to === current ? html` aria-current="page"` : ''}>${label.ja}</a></li>`,
    )}</ul></nav>
<main id="content" class="sheet" tabindex="-1" data-printed="${printedAs}">
<h1>${title.ja} <span class="muted" lang="en">${title.en}</span></h1>
${content}
</main>`,
  )
}

/** A sentence in both languages, Japanese first. */
export function bilingual({ ja, en }: Sentence): Page {
  return html`${ja} <span class="muted" lang="en">${en}</span>`
}
