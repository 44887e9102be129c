import { expect, test } from 'vitest'
import { type AlignmentModel, alignmentListPage, alignmentPage } from '../../src/pages/index.ts'
import { textOf } from './read-html.ts'

const levels = (conformant: number, convertible: number, readable: number, broken: number) => {
  const counts = [conformant, convertible, readable, broken]
  const names = ['national-conformant', 'convertible', 'readable', 'nonconformant']
  return Object.fromEntries(
    names.map((name, index) => [name, { count: counts[index] }]),
  ) as AlignmentModel['levels']
}

const MODEL: AlignmentModel = {
  name: 'みなと連携ネット',
  region: 'minato',
  at: new Date('2026-11-22T05:03:12.000Z'),
  from: '2026-08-25',
  until: '2026-11-22',
  records: 1_200,
  levels: levels(900, 200, 96, 4),
  items: [
    { item: 'condition', ja: '傷病名', records: 1_195, levels: levels(900, 200, 95, 0) },
    { item: 'infection', ja: '感染症', records: 5, levels: levels(0, 0, 1, 4) },
  ],
  rules: [
    { rule: 'R3010', records: 40 },
    { rule: 'R6021', records: 9 },
  ],
  codes: {
    mapped: 750,
    unmapped: 250,
    top: [
      { system: 'https://minato.example/disease', code: '<b>D-2', records: 240 },
      { system: 'https://minato.example/disease', code: 'D-3', records: 3 },
    ],
  },
  trend: [
    { day: '2026-11-16', records: 600, levels: levels(500, 50, 50, 0) },
    { day: '2026-11-22', records: 500, levels: levels(300, 150, 46, 4) },
    { day: '2026-11-15', records: 100, levels: levels(100, 0, 0, 0) },
  ],
}

test('levels by item and by week, rules and codes, in both languages', async () => {
  const html = String(await alignmentPage(MODEL))
  const text = textOf(html)
  expect(text).toContain('みなと連携ネット')
  expect(text).toContain('国の形式への適合状況 Readiness for the national data set')
  expect(text).toMatch(/傷病名 condition\s*1,200\s*900（75%）\s*200（17%）\s*100（8%）\s*0（0%）/)
  // Monday to Sunday is one week, the Sunday before another.
  expect(text).toMatch(/2026-11-16 ～\s*1,100\s*800（73%）/)
  expect(text).toMatch(/2026-11-09 ～\s*100\s*100（100%）/)
  expect(text).toMatch(/R3010\s*40/)
  expect(text).toContain('対応づけ済み mapped 75%')
  expect(html).toContain('&lt;b&gt;D-2')
})

test('no number below ten is told, nor a share that would tell it, nor a rule or code so rare', async () => {
  const text = textOf(String(await alignmentPage(MODEL)))
  expect(text).toMatch(/感染症 infection\s*<10\s*0\s*0\s*<10\s*<10/)
  expect(text).not.toContain('R6021')
  expect(text).not.toContain('D-3')
})

test('where nothing was counted it says so, and shows no figure', async () => {
  const none = levels(0, 0, 0, 0)
  const codes = { mapped: 0, unmapped: 0, top: [] }
  const html = String(
    await alignmentPage({ ...MODEL, records: 0, levels: none, items: [], rules: [], codes, trend: [] }),
  )
  expect(textOf(html)).toContain('この期間に集計した記録はありません。 Nothing was counted.')
  expect(html).not.toContain('<table>')
  expect(html).not.toContain('対応づけ済み')
})

/** What anybody reads of a network: each row's name and its numbers. */
async function rowsOf(change: Partial<AlignmentModel>): Promise<string[][]> {
  const page = String(await alignmentPage({ ...MODEL, ...change }))
  return [...page.matchAll(/<tr><th scope="row">.*?<\/tr>/gs)].map(([row]) =>
    [...row.matchAll(/<t[hd][^>]*>(.*?)<\/t[hd]>/gs)].map(([, cell]) => textOf(cell ?? '').trim()),
  )
}

test('no hidden number follows from the numbers beside it: whatever it is, the page is the same', async () => {
  const pageWith = (hidden: number) => {
    const row = levels(77, 0, 0, hidden)
    const records = 77 + hidden
    return {
      records,
      levels: row,
      items: [
        { item: 'condition', ja: '傷病名', records: 77, levels: levels(77, 0, 0, 0) },
        { item: 'infection', ja: '感染症', records: hidden, levels: levels(0, 0, 0, hidden) },
      ],
      trend: [{ day: '2026-11-16', records, levels: row }],
      codes: { mapped: 77, unmapped: hidden, top: [] },
    }
  }
  const texts = [8, 9].map(async (hidden) =>
    textOf(String(await alignmentPage({ ...MODEL, ...pageWith(hidden) }))),
  )
  expect(await texts[0]).toBe(await texts[1])
  for (let hidden = 1; hidden < 10; hidden++) {
    const [all, , infection] = await rowsOf(pageWith(hidden))
    expect(all?.slice(1)).toEqual([hidden < 8 ? '80' : '90', '80', '0', '0', '<10'])
    expect(infection?.slice(1)).toEqual(['<10', '0', '0', '0', '<10'])
  }
})

test('every number is a whole ten, and no coverage is told beside a hidden number', async () => {
  const text = textOf(String(await alignmentPage({ ...MODEL, codes: { mapped: 993, unmapped: 7, top: [] } })))
  expect(text).toContain('対応づけ済み mapped －（990件、未対応 unmapped <10件）')
  expect(text).toContain('Every number is rounded to 10 by itself')
  const rows = await rowsOf({
    levels: levels(86, 13, 0, 0),
    records: 99,
    rules: [{ rule: 'R3010', records: 47 }],
  })
  const numbers = rows.flatMap((row) => row.slice(1)).map((cell) => cell.replace(/（.*）/, ''))
  expect(numbers.filter((cell) => !/^(<10|[\d,]*0)$/.test(cell))).toEqual([])
  // 90 of 100 and 10 of 100: shares follow from what is shown.
  expect(rows[0]?.slice(1)).toEqual(['100', '90（90%）', '10（10%）', '0（0%）', '0（0%）'])
})

test('a network that gave nothing says so, and the list leads to each', async () => {
  const none = { ...MODEL, records: 0, levels: levels(0, 0, 0, 0), items: [], rules: [], trend: [] }
  expect(textOf(String(await alignmentPage(none)))).toContain('この期間に集計した記録はありません。')
  expect(String(await alignmentListPage([{ id: 'minato', name: 'みなと' }]))).toContain(
    'href="/status/alignment/minato"',
  )
})
