import { html } from 'hono/html'
import type { Sentence } from '../kernel/hub-error.ts'
import { type FormAction, formButton, localPath } from './form.ts'
import { ICONS } from './icons.ts'
import { document, type Page } from './page.ts'

export interface RefusalModel {
  /** The stable code, for whoever answers the telephone. */
  code: string
  sentence: Sentence
  /** お問い合わせ番号. */
  reference: string
  /** Where to go from here: a path to read, or something to post. */
  back?: { label: string; to: string | FormAction } | undefined
}

/** Says no, in one fixed sentence. Why, and whether there is anything, is nobody's to learn from it. */
export function refusalPage({ code, sentence, reference, back }: RefusalModel): Page {
  return document(
    { title: '表示できません' },
    html`<div class="product"><p class="product-name">つなぎ</p></div>
<main class="sheet">
<h1>表示できません</h1>
<p class="notice" data-tone="warning">${ICONS.alert}<span>${sentence.ja}</span></p>
<p class="muted" lang="en">${sentence.en}</p>
<dl class="facts"><div><dt>お問い合わせ番号</dt><dd><code>${reference}</code></dd></div><div><dt>コード</dt><dd><code>${code}</code></dd></div></dl>
${back === undefined ? '' : way(back)}
</main>`,
  )
}

function way({ label, to }: NonNullable<RefusalModel['back']>): Page {
  return typeof to === 'string'
    ? html`<p><a class="button" data-kind="primary" href="${localPath(to)}">${label}</a></p>`
    : formButton(to, label, 'primary')
}
