import { html } from 'hono/html'
import type { Page } from './page.ts'

/** One button that posts: whatever it carries stands in the body, never in an address. */
export interface FormAction {
  /** A path on this very server. */
  action: string
  fields: Readonly<Record<string, string>>
}

export function formButton(
  { action, fields }: FormAction,
  label: Page | string,
  kind: 'primary' | 'secondary' | 'quiet' = 'secondary',
): Page {
  return html`<form method="post" action="${localPath(action)}">${Object.entries(fields).map(
    ([name, value]) => html`<input type="hidden" name="${name}" value="${value}">`,
  )}<button type="submit" class="button" data-kind="${kind}">${label}</button></form>`
}

/** A path of this server; anything that a browser could take for another's is a bug of ours. */
export function localPath(path: string): string {
  if (!/^\/(?![/\\])[\x21-\x7e]*$/.test(path) || path.includes('\\')) {
    throw new Error('Invariant broken: a page links to its own server only')
  }
  return path
}
