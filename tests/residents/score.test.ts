import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { readLinks, readReview } from './scoring/links.ts'
import { readCsv } from './scoring/read-csv.ts'
import { scoreLinks } from './scoring/score-links.ts'
import { readTruth } from './scoring/truth.ts'
import { upperBound95 } from './scoring/upper-bound.ts'

const HEADER = 'region,local_id,person,household,role,twin,reading,sound,name,address,insured,causes'

function files(texts: Record<string, string>) {
  const folder = mkdtempSync(join(tmpdir(), 'score-'))
  for (const [name, text] of Object.entries(texts)) writeFileSync(join(folder, name), text)
  return {
    path: (name: string) => join(folder, name),
    [Symbol.dispose]: () => rmSync(folder, { recursive: true }),
  }
}

function scored(truthRows: string[], links: string, review = 'region_a,local_id_a,region_b,local_id_b\n') {
  using on = files({
    'truth.csv': `${[HEADER, ...truthRows].join('\n')}\n`,
    'links.csv': `region,local_id,person\n${links}`,
    'review.csv': review,
  })
  const truth = readTruth(on.path('truth.csv'), 'local_id', 'person')
  return scoreLinks(
    truth,
    readLinks(on.path('links.csv'), truth),
    readReview(on.path('review.csv'), truth).pairs,
  )
}

const TWINS = [
  'a,1,p1,h,child,t,サトウ ショウタ,kanji+kana,0,home,card,',
  'b,1,p1,h,child,t,サトウ ショウタ,kanji+kana,0,home,,kana-mistyped',
  'c,1,p1,h,child,t,サトウ ショウタ,,0,,card,era-slip',
  'a,2,p2,h,child,t,サトウ ショウヤ,kanji,0,home,card,',
  'b,2,p2,h,child,t,サトウ ショウヤ,kana,0,home,card,',
]

test('links that are all right score one, and the bound says how much that shows', () => {
  const score = scored(TWINS, 'a,1,x\nb,1,x\nc,1,x\na,2,y\nb,2,y\n')
  expect(score).toMatchObject({ autoLinks: 4, wrongLinks: 0, precision: 1, personsMixedPerMillion: 0 })
  expect(score.recall).toEqual({ pairs: 4, auto: 4, withReview: 4 })
  expect(score.wrongPerMillionLinksUpper95).toBeCloseTo((2.9957 / 4) * 1e6, -3)
  expect(score.bCubed).toEqual({ precision: 1, recall: 1 })
})

test('a wrong link is counted pair by pair and called by its cause', () => {
  const score = scored(TWINS, 'a,1,x\nb,1,x\na,2,x\nc,1,z\nb,2,y\n')
  expect(score).toMatchObject({ autoLinks: 3, wrongLinks: 2, personsMixedPerMillion: 1e6 })
  expect(score.wrongByCause).toEqual([
    {
      cause: 'twins',
      pairs: 2,
      examples: [
        ['a 1', 'a 2'],
        ['b 1', 'a 2'],
      ],
    },
  ])
  expect(score.recall).toEqual({ pairs: 4, auto: 1, withReview: 1 })
  expect(score.missedByCause.find(({ cause }) => cause === 'era-slip')).toEqual({
    cause: 'era-slip',
    pairs: 2,
    missed: 2,
  })
})

test('a sound pair needs a script in common; an address or an insured number confirms it', () => {
  const score = scored(TWINS, '')
  // a1–b1 is sound and shares the home; a2–b2 shares home and number, but one has kanji only and the other kana only.
  expect(score.soundRecall.pairs).toBe(1)
  expect(score.soundConfirmedRecall.pairs).toBe(1)
})

test('a former name or an alias makes no sound pair with the name of today', () => {
  const rows = [
    'a,1,p1,h,spouse,,スズキ ハナ,kanji,0,home,card,name-before-change',
    'b,1,p1,h,spouse,,サトウ ハナ,kanji,1,home,card,',
  ]
  const score = scored(rows, '')
  expect(score.soundRecall.pairs).toBe(0)
  expect(score.missedByCombination[0]?.cause).toBe('(name changed)')
})

test('a review pair recovers what it would join, through the clusters it joins', () => {
  const review = 'region_a,local_id_a,region_b,local_id_b\nc,1,a,1\nc,1,a,2\n'
  const score = scored(TWINS, 'a,1,x\nb,1,x\nc,1,z\n', review)
  expect(score.recall).toEqual({ pairs: 4, auto: 1, withReview: 3 })
  expect(score.wrongLinks).toBe(0)
})

test('an id that stands for two persons is left out', () => {
  const rows = ['a,1,p1,,,,,,,,,', 'a,1,p2,,,,,,,,,id-reused', 'b,1,p1,,,,,,,,,']
  using on = files({
    'truth.csv': [HEADER, ...rows].join('\n'),
    'links.csv': 'region,local_id,person\na,1,x\nb,1,x\n',
  })
  const truth = readTruth(on.path('truth.csv'), 'local_id', 'person')
  expect(truth.reusedIds).toBe(1)
  expect(readLinks(on.path('links.csv'), truth).unknown).toBe(1)
  expect(scoreLinks(truth, readLinks(on.path('links.csv'), truth), []).recall.pairs).toBe(0)
})

test.each([
  ['parent and child', 'adult', 'child', 'h', 'h', 'ア イ', 'ア ウ', '', ''],
  ['parent and child, same reading', 'adult', 'child', 'h', 'h', 'ア イ', 'ア イ', '', ''],
  ['couple', 'adult', 'spouse', 'h', 'h', 'ア イ', 'ア ウ', '', ''],
  ['siblings', 'child', 'child', 'h', 'h', 'ア イ', 'ア ウ', '', ''],
  ['namesakes', 'adult', 'adult', 'h', 'g', 'ア イ', 'ア イ', '', ''],
  ['namesakes', 'adult', 'neighbour', 'h', 'h', 'ア イ', 'ア イ', '', ''],
  ['dummy-card', 'adult', 'adult', 'h', 'g', 'ア イ', 'ア イ', 'dummy-card', ''],
  ['card-of-another', 'adult', 'adult', 'h', 'g', 'ア イ', 'オ エ', '', 'kana-missing+card-of-another'],
  ['other', 'adult', 'adult', 'h', 'g', 'ア イ', 'オ エ', '', ''],
])(
  'a wrong link is called %s',
  (cause, role, otherRole, house, otherHouse, reading, otherReading, causes, otherCauses) => {
    const rows = [
      `a,1,p1,${house},${role},,${reading},kanji,0,,,${causes}`,
      `b,1,p2,${otherHouse},${otherRole},,${otherReading},kanji,0,,,${otherCauses}`,
    ]
    expect(scored(rows, 'a,1,x\nb,1,x\n').wrongByCause[0]?.cause).toBe(cause)
  },
)

test('other sets are scored by their own columns, without regions', () => {
  using on = files({
    'truth.csv': 'unique_id,name,cluster\n0,"Smith, Jo ""J""",7\n1,Smith,7\n2,Jones,8\n',
    'links.csv': 'region,local_id,person\nfake,0,p\nfake,1,p\nfake,2,q\n',
  })
  const truth = readTruth(on.path('truth.csv'), 'unique_id', 'cluster')
  const score = scoreLinks(truth, readLinks(on.path('links.csv'), truth), [])
  expect(score).toMatchObject({ records: 3, persons: 2, precision: 1, recall: { pairs: 1, auto: 1 } })
})

test('a column that is not there is named', () => {
  using on = files({ 'truth.csv': 'id,who\n1,2\n' })
  expect(() => readTruth(on.path('truth.csv'), 'local_id', 'who')).toThrow(
    /no column local_id; there are id, who/,
  )
})

test('quoted fields may hold commas, quotes and line breaks', () => {
  using on = files({ 'a.csv': 'x,y\r\n"a,b","c ""d""\ne"\r\n,\r\n' })
  expect([...readCsv(on.path('a.csv'))]).toEqual([
    ['x', 'y'],
    ['a,b', 'c "d"\ne'],
    ['', ''],
  ])
})

test('the upper bound is Poisson’s', () => {
  expect(upperBound95(0)).toBeCloseTo(2.9957, 3)
  expect(upperBound95(1)).toBeCloseTo(4.7439, 3)
  expect(upperBound95(10)).toBeCloseTo(16.9622, 3)
  expect(Math.abs(upperBound95(2_001) - upperBound95(2_000))).toBeLessThan(2)
})
