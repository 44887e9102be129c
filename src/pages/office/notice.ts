import { html } from 'hono/html'
import type { Sentence } from '../../kernel/hub-error.ts'
import { localPath } from '../form.ts'
import { ICONS } from '../icons.ts'
import type { Page } from '../page.ts'
import { DETAIL_CHARS_MAX, shown } from '../shown.ts'
import { bilingual, type OfficeFrame, type OfficeLink, officePage } from './frame.ts'

/** What came of something, or what one may do: sentences, facts and ways on. */
export interface OfficeNotice {
  title: Sentence
  tone: 'good' | 'warning'
  text: Sentence
  facts?: readonly { label: string; value: string | undefined }[]
  links: readonly OfficeLink[]
}

export function officeNoticePage(frame: OfficeFrame, notice: OfficeNotice): Page {
  const { title, tone, text, facts = [], links } = notice
  return officePage(
    frame,
    title,
    html`<p class="notice" data-tone="${tone}" role="status">${tone === 'good' ? ICONS.done : ICONS.alert}<span>${bilingual(text)}</span></p>
${
  facts.length === 0
    ? ''
    : html`<dl class="facts">${facts.map(
        ({ label, value }) => html`<div><dt>${label}</dt><dd>${shown(value, DETAIL_CHARS_MAX)}</dd></div>`,
      )}</dl>`
}
${ways(links)}`,
  )
}

/** Where everything is, as this login may open it. */
export function officeHomePage(
  frame: OfficeFrame,
  pages: readonly (OfficeLink & { about: Sentence; count?: number | undefined })[],
): Page {
  return officePage(
    frame,
    { ja: '協議会事務局', en: 'The council’s office' },
    html`<ul class="patients">${pages.map(
      ({ to, label, about, count }) => html`<li><div>
<p class="patient-name"><a href="${localPath(to)}">${label.ja}</a>${count === undefined ? '' : html` <span class="count">${count} 件</span>`} <span class="muted" lang="en">${label.en}</span></p>
<p>${bilingual(about)}</p></div></li>
`,
    )}</ul>`,
  )
}

/** A text to print and hand over, just as it stands. */
export function officeReportPage(
  frame: OfficeFrame,
  { title, text, links }: { title: Sentence; text: string; links: readonly OfficeLink[] },
): Page {
  return officePage(
    frame,
    title,
    html`<p class="hint no-print">印刷してお渡しください。 <span class="muted" lang="en">Print it and hand it over.</span></p>
<pre class="report">${text}</pre>
${ways(links)}`,
    'disclosure',
  )
}

function ways(links: readonly OfficeLink[]): Page {
  return html`<ul class="ways">${links.map(
    ({ to, label }, index) =>
      html`<li><a class="button" data-kind="${index === 0 ? 'primary' : 'secondary'}" href="${localPath(to)}">${label.ja}</a> <span class="muted" lang="en">${label.en}</span></li>`,
  )}</ul>`
}
