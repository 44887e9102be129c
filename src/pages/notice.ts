import { html } from 'hono/html'
import { localPath } from './form.ts'
import { document, type Page } from './page.ts'
import { NAME_CHARS_MAX, shown } from './shown.ts'

export interface NoticeModel {
  title: string
  text: string
  /** What the text is about, each with its name. */
  facts?: readonly { label: string; value: string | undefined }[]
  /** Where to go from here: a path of this server. */
  link?: { label: string; to: string } | undefined
}

/** Says one thing, and where to go from it. */
export function noticePage({ title, text, facts = [], link }: NoticeModel): Page {
  return document(
    { title },
    html`<div class="product"><p class="product-name">つなぎ</p></div>
<main class="sheet">
<h1>${title}</h1>
<p>${text}</p>
${
  facts.length === 0
    ? ''
    : html`<dl class="facts">${facts.map(
        ({ label, value }) => html`<div><dt>${label}</dt><dd>${shown(value, NAME_CHARS_MAX)}</dd></div>`,
      )}</dl>`
}
${link === undefined ? '' : html`<p><a class="button" data-kind="primary" href="${localPath(link.to)}">${link.label}</a></p>`}
</main>`,
  )
}
