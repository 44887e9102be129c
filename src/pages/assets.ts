import { readFileSync } from 'node:fs'
import { Hono } from 'hono'
import { STYLESHEET } from './page.ts'

const css = readFileSync(new URL('tsunagi.css', import.meta.url), 'utf8')

/** The one asset of all pages. It holds no data, but a hub's update must show at once: checked each time. */
export function assetRoutes() {
  return new Hono().get(STYLESHEET, (c) =>
    c.body(css, 200, { 'content-type': 'text/css; charset=utf-8', 'cache-control': 'no-cache' }),
  )
}
