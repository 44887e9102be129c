import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'

const SRC = new URL('../../src/', import.meta.url).pathname

/**
 * Which folder may import which: each sees those above it. The gateway also sees consent and alignment, because
 * the same ladder and the same sorting run there over the holder's own copies.
 */
const ORDER = [
  'kernel',
  'vocabulary',
  'http',
  'trust',
  'audit',
  'registry',
  'identity',
  'consent',
  'alignment',
  'terminology',
  'broker',
  'oversight',
  'monitoring',
  'pages',
  'gateway',
  'demo',
  'commands',
]

/** What stands above and still is not for everybody: a gateway has no index, no registry tables and no broker. */
const NOT_FOR: Record<string, readonly string[]> = {
  alignment: ['audit', 'registry', 'identity', 'consent'],
  pages: ['audit', 'identity', 'consent', 'terminology', 'broker', 'oversight'],
  gateway: ['identity', 'terminology', 'broker', 'oversight', 'monitoring'],
}

const files = readdirSync(SRC, { recursive: true, encoding: 'utf8' }).filter((file) => file.endsWith('.ts'))

function importsOf(file: string): string[] {
  const text = readFileSync(join(SRC, file), 'utf8')
  return [...text.matchAll(/(?:from|import\()\s*'(\.[^']+)'/g)].map(([, path]) => path ?? '')
}

/** The folder of src an import leads to; undefined within one's own. */
function target(file: string, path: string): { folder: string; rest: string } | undefined {
  const [folder = '', ...rest] = join(file, '..', path).split('/')
  return rest.length === 0 || folder === file.split('/')[0] ? undefined : { folder, rest: rest.join('/') }
}

test('imports point one way', () => {
  const wrong = files.flatMap((file) =>
    importsOf(file).flatMap((path) => {
      const from = file.split('/')[0] ?? ''
      const to = target(file, path)
      if (to === undefined || !ORDER.includes(from)) return []
      const isAbove = ORDER.indexOf(to.folder) < ORDER.indexOf(from) && !NOT_FOR[from]?.includes(to.folder)
      return isAbove ? [] : [`${file} imports ${path}`]
    }),
  )
  expect(wrong).toEqual([])
})

test('folders are entered by their doors; the kernel has none, and tables may name tables', () => {
  const wrong = files.flatMap((file) =>
    importsOf(file).flatMap((path) => {
      const to = target(file, path)
      if (to === undefined || to.folder === 'kernel' || to.rest === 'index.ts') return []
      if (file.endsWith('tables.ts') && to.rest === 'tables.ts') return []
      if (!ORDER.includes(file.split('/')[0] ?? '')) return []
      return [`${file} imports ${path}`]
    }),
  )
  expect(wrong).toEqual([])
})

test('only store files, tables and the kernel speak SQL', () => {
  const allowed =
    /(^kernel\/|store\.ts$|tables\.ts$|^registry\/epochs\.ts$|^trust\/replay\.ts$|^monitoring\/readiness\.ts$|^demo\/|^registry\/change-(?:keys|region)\.ts$|^registry\/publish-directory\.ts$)/
  const wrong = files.filter(
    (file) => !allowed.test(file) && /from 'drizzle-orm/.test(readFileSync(join(SRC, file), 'utf8')),
  )
  expect(wrong).toEqual([])
})

test('the environment is read in one place', () => {
  const allowed = /^(config\.ts|kernel\/(embedded-postgres|postgres-|socket-folder))/
  const wrong = files.filter(
    (file) => !allowed.test(file) && /process\.env/.test(readFileSync(join(SRC, file), 'utf8')),
  )
  expect(wrong).toEqual([])
})

test('files stay small', () => {
  const long = files.filter(
    (file) =>
      file !== 'vocabulary/refusals.ts' && readFileSync(join(SRC, file), 'utf8').split('\n').length > 260,
  )
  expect(long).toEqual([])
})
