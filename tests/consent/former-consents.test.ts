import { describe, expect, test } from 'vitest'
import { type DatedConsent, narrowedBy, standingWords } from '../../src/consent/index.ts'

const day = (n: number) => new Date(Date.UTC(2026, 4, n, 3))
const said = (n: number, changes: Partial<DatedConsent> = {}): DatedConsent => ({
  ...{ version: 1, status: 'active', form: 'form-2025', signedAt: day(n), validFrom: day(n) },
  ...{ refused: [], refusedInstitutions: [], refusedRegions: [] },
  ...{ validUntil: undefined, proxy: undefined, deceasedOn: undefined },
  ...{ receivedAt: day(n), evidenceKind: 'paper' },
  ...changes,
})
const withdrawn = said(2, { status: 'withdrawn' })
const counts = (own: DatedConsent | undefined, former = withdrawn, mergedAt = day(3)) =>
  standingWords(own, [{ consent: former, mergedAt }]).length === 1

describe('a withdrawal of 2 May, merged on 3 May', () => {
  test.each<[string, DatedConsent | undefined, boolean]>([
    ['counts where nothing was said under the id that stands', undefined, true],
    ['counts over a paper entered before the merge, although newer', said(2, { receivedAt: day(2) }), true],
    ['gives way to a paper signed and entered after both', said(4), false],
    ['gives way to a paper of its own day entered after the merge', said(2, { receivedAt: day(4) }), false],
    ['counts over a paper signed the day before it', said(1, { receivedAt: day(4) }), true],
    ['counts over a copy of a document', said(4, { evidenceKind: 'document' }), true],
    ['counts over what it is not known to rest on', said(4, { evidenceKind: undefined }), true],
    ['gives way to a verified signature', said(4, { evidenceKind: 'signature' }), false],
    ['stands beside another end', said(4, { status: 'left' }), true],
  ])('%s', (_, own, expected) => expect(counts(own)).toBe(expected))

  test('counts again when it is made anew under the merged id, after the paper', () => {
    expect(counts(said(4), said(5, { status: 'stopped', evidenceKind: 'telephone' }))).toBe(true)
  })

  test('what is told in the instant of the merge, or of the withdrawal, was told before it', () => {
    expect(counts(said(3))).toBe(true)
    expect(counts(said(4), said(2, { status: 'withdrawn', receivedAt: day(4) }))).toBe(true)
  })
})

describe('what counts under merged ids', () => {
  test('only narrows: refusals join, the earliest death counts', () => {
    const own = said(4, { refused: ['referral'], deceasedOn: '2026-05-09' })
    const other = said(1, {
      ...{ refused: ['infection'], refusedInstitutions: ['1410000001'], refusedRegions: ['shiokaze'] },
      deceasedOn: '2026-05-08',
    })
    expect(narrowedBy(own, [other])).toEqual({
      consent: {
        ...own,
        ...{ refused: ['referral', 'infection'], refusedInstitutions: ['1410000001'] },
        ...{ refusedRegions: ['shiokaze'], deceasedOn: '2026-05-08' },
      },
      formerConsent: undefined,
    })
  })

  test('an end is the end of all; an own end stays what it is', () => {
    expect(narrowedBy(said(4), [said(1), withdrawn]).consent).toBe(withdrawn)
    const left = said(1, { status: 'left' })
    expect(narrowedBy(left, [withdrawn]).consent).toBe(left)
  })

  test('nothing said under the id that stands: the newest of the others, and never as a consent', () => {
    const { consent, formerConsent } = narrowedBy(undefined, [said(1, { refused: ['referral'] }), said(2)])
    expect(consent).toBeUndefined()
    expect(formerConsent).toMatchObject({ signedAt: day(2), refused: ['referral'] })
    expect(narrowedBy(undefined, [])).toEqual({ consent: undefined, formerConsent: undefined })
  })
})
