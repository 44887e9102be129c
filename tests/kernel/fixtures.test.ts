import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import { expect, test } from 'vitest'
import { z } from 'zod'
import { fixtures } from '../support/fixtures.ts'

const schema = z.strictObject({ case: z.string(), verdict: z.enum(['permitted', 'expired']) })

function folderOf(files: Record<string, unknown>): { base: URL } & Disposable {
  const path = mkdtempSync(join(tmpdir(), 'tsunagi-fixtures-'))
  mkdirSync(join(path, 'consent'))
  for (const [name, content] of Object.entries(files))
    writeFileSync(join(path, 'consent', name), JSON.stringify(content))
  return { base: pathToFileURL(`${path}/`), [Symbol.dispose]: () => rmSync(path, { recursive: true }) }
}

test('each file is a case, in the order of names', () => {
  using folder = folderOf({
    'b.json': { case: 'b', verdict: 'expired' },
    'a.json': { case: 'a', verdict: 'permitted' },
    'README.md': 'not a case',
  })
  expect(fixtures('consent', schema, folder.base).map((each) => each.case)).toEqual(['a', 'b'])
})

test('a file which is not a case is named, and fails the folder', () => {
  using folder = folderOf({ 'a.json': { case: 'a', verdict: 'maybe' } })
  expect(() => fixtures('consent', schema, folder.base)).toThrow('fixtures/consent/a.json')
})

test('a folder without a case fails, instead of testing nothing', () => {
  using folder = folderOf({})
  expect(() => fixtures('consent', schema, folder.base)).toThrow('holds no case')
})
