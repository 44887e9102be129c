import { readFileSync } from 'node:fs'
import { expect, test } from 'vitest'
import { describePolicy } from '../../src/registry/index.ts'
import {
  DEFAULT_POLICY,
  INSTITUTION_KIND_CODES,
  INSTITUTION_KINDS,
  PROFESSION_CODES,
  PROFESSIONS,
  policyFaults,
} from '../../src/vocabulary/index.ts'
import { policyFrom, readAs } from '../support/sample-policy.ts'
import { NOON } from '../support/test-context.ts'

test('the README shows the default policy as the code prints it', () => {
  const readme = readFileSync(new URL('../../README.md', import.meta.url), 'utf8')
  const shown = readme.split('<!-- policy show -->\n')[1]?.split('<!-- /policy show -->')[0]
  expect(shown).toBe(describePolicy(DEFAULT_POLICY))
})

test('the default policy may be recorded as it is, and says that it is a draft', () => {
  expect(policyFaults(policyFrom(), NOON)).toEqual([])
  expect(DEFAULT_POLICY.draft).toBe(true)
})

test('every institution kind has its rows, and in them every profession once', () => {
  const rows = describePolicy(DEFAULT_POLICY).split('\n').slice(4)
  for (const kind of INSTITUTION_KIND_CODES) {
    const first = rows.findIndex((row) => row.startsWith(`| ${INSTITUTION_KINDS[kind].ja} `))
    const last = rows.findIndex((row, index) => index > first && !row.startsWith('|  |'))
    const professions = rows.slice(first, last).flatMap((row) => row.split(' | ')[1]?.split('、') ?? [])
    expect(professions.sort()).toEqual(PROFESSION_CODES.map((code) => PROFESSIONS[code].ja).sort())
  }
})

test('posts that see different things stand in rows of their own; a line break or bar makes no row', () => {
  const clinic = { kinds: ['clinic' as const], professions: ['nurse' as const] }
  const shown = describePolicy(
    policyFrom({
      viewing: [
        { ...clinic, posts: ['head'], items: ['condition', 'laboratory'] },
        { ...clinic, posts: ['attending', 'staff'], items: ['condition'] },
      ],
      forms: { 'form-2025': { ...readAs('medical'), body: '総会|\n| x' } },
    }),
  )
  expect(shown).toContain('| 診療所 Medical clinic | 看護師 | 管理者 | 傷病名、検査 |')
  expect(shown).toContain('|  | 看護師 | 主治医・担当、職員 | 傷病名 |')
  expect(shown).toContain('form-2025：他地域・医療（総会／ ／ x 2026-04-01）')
})
