import { html } from 'hono/html'
import type { HtmlEscapedString } from 'hono/utils/html'

/** Escaped HTML; `hono/html` answers a promise where something inside it is one. */
export type Page = HtmlEscapedString | Promise<HtmlEscapedString>

export const STYLESHEET = '/assets/tsunagi.css'

/** What every page is served with. Nothing inline, nothing from elsewhere, no scripts at all, in no frame. */
export const PAGE_CSP =
  "default-src 'none'; style-src 'self'; img-src 'self' data:; form-action 'self'; frame-ancestors 'none'; base-uri 'none'"

/** The frame of every page. The title names the screen, never a patient: titles end up in histories. */
export function document({ title, refreshSeconds }: PageHead, content: Page): Page {
  return html`<!doctype html>
<html lang="ja">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="referrer" content="no-referrer">
<meta name="robots" content="noindex">
<meta name="format-detection" content="telephone=no">
${refreshSeconds === undefined ? '' : html`<meta http-equiv="refresh" content="${refreshSeconds}">`}
<title>${title}｜つなぎ</title>
<link rel="icon" href="data:,">
<link rel="stylesheet" href="${STYLESHEET}">
</head>
<body>
${content}
</body>
</html>`
}

export interface PageHead {
  title: string
  refreshSeconds?: number
}
