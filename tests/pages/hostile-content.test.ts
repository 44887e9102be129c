import { describe, expect, test } from 'vitest'
import { launchPage, refusalPage, statusPage, type ViewerModel, viewerPage } from '../../src/pages/index.ts'
import { tagsOf, textOf } from './read-html.ts'
import { MINATO, RESOURCES, sampleModel } from './sample-model.ts'

/** A page on which the text stands wherever text from outside may stand. */
async function pageWith(text: string): Promise<string> {
  const region = { id: 'minato', name: text }
  const concept = { text, coding: [{ system: 'x', code: text, display: text }] }
  const common = { meta: { tag: [] }, extension: RESOURCES.condition.extension, text: { div: NARRATIVE } }
  const resources = [
    {
      ...RESOURCES.drugAllergy,
      ...common,
      code: concept,
      reaction: [{ manifestation: [{ text }] }],
    },
    { ...RESOURCES.condition, ...common, code: concept, abatementDateTime: text },
    {
      ...RESOURCES.prescription,
      ...common,
      medicationCodeableConcept: concept,
      dosageInstruction: [{ text }],
    },
    { ...RESOURCES.infection, ...common, valueCodeableConcept: { text } },
    {
      ...RESOURCES.referral,
      ...common,
      type: { ...RESOURCES.referral.type, text },
      description: text,
      custodian: { display: text },
      extension: [],
      content: [{ attachment: { contentType: 'text/plain', data: Buffer.from(text).toString('base64') } }],
    },
  ]
  const sources = [
    { region, state: 'complete', resources },
    { region: { id: 'other', name: text }, state: 'timeout' },
  ] as const
  const model = sampleModel(
    sources.map((each) => ({ ...each, resources: 'resources' in each ? [...each.resources] : [] })),
  )
  const changed: ViewerModel = {
    ...model,
    patient: { ...model.patient, kanji: text, kana: text, ids: [{ label: text, value: text }] },
    asker: { ...model.asker, regionName: text, institutionName: text, userName: text },
    institutions: new Map([['1419900011', text]]),
    again: { action: '/viewer', fields: { [text.slice(0, 20)]: text } },
  }
  return String(await viewerPage(changed))
}

const NARRATIVE = '<div xmlns="http://www.w3.org/1999/xhtml">NARRATIVE<script>alert(1)</script></div>'

const plainTags = async () => new Set(tagsOf(await pageWith('無害')).map(nameOf))
const nameOf = (tag: string) => /^<\/?([a-z!0-9]+)/i.exec(tag)?.[1]?.toLowerCase()

describe('text from outside stays text', () => {
  test.each([
    ['a script', '<script>alert(1)</script>'],
    ['an image with a handler', '"><img src=x onerror=alert(1)>'],
    ['the end of an attribute', "' onmouseover='alert(1)"],
    ['a drawing that loads', '<svg/onload=alert(1)>'],
    ['a link', '<a href="javascript:alert(1)">x</a>'],
    ['a link after a control character', '\u0001javascript:alert(1)'],
    ['a style', '<style>*{background:url(https://elsewhere.example/)}</style>'],
    ['a template', `\${process.env.HOME}{{constructor}}`],
    ['the end of the page', '</title></body></html><!--'],
    ['half an entity', '&lt;script&gt;&#60;script&#62;'],
  ])('%s', async (_, text) => {
    const html = await pageWith(text)
    const known = await plainTags()
    expect(
      tagsOf(html)
        .map(nameOf)
        .filter((name) => !known.has(name)),
    ).toEqual([])
    expect(tagsOf(html).filter((tag) => /\son[a-z]+\s*=/i.test(tag.replace(/"[^"]*"/g, '""')))).toEqual([])
    expect(tagsOf(html).filter((tag) => /(href|src|action)="(?!\/|#|data:,")/.test(tag))).toEqual([])
    expect(html).not.toContain('style=')
    expect(textOf(html)).toContain(text.replace('\u0001', '\ufffd').slice(0, 30))
  })

  test('the narrative of a resource is never rendered', async () => {
    expect(await pageWith('無害')).not.toContain('NARRATIVE')
  })

  test('what turns text round or hides in it is shown as a gap, inside an isolate', async () => {
    const html = await pageWith('ロキソ\u202eニン\u200b\u2066錠\u001b[31m\r\nx')
    const visible = tagsOf(html).reduce((rest, tag) => rest.replace(tag, ''), html)
    expect(/[\u202a-\u202e\u2066-\u2069\u200b\u001b]/.test(visible)).toBe(false)
    expect(html).toContain('<bdi>ロキソ\ufffdニン\ufffd\ufffd錠\ufffd[31m')
  })

  test('a hundred thousand characters are cut, with a word', async () => {
    const html = await pageWith('長'.repeat(100_000))
    expect(html.length).toBeLessThan(200_000)
    expect(html).toContain('…（以下略）')
  })

  test('a thousand marks on one letter do not get through', async () => {
    expect((await pageWith(`a${'\u0301'.repeat(50_000)}`)).length).toBeLessThan(300_000)
  })

  test.each(['𠮷田 葛\u{e0100}城', '髙﨑 德永', 'ﾀｶﾊｼ ﾌﾐﾉ', 'あ'.repeat(60), 'Nguyễn Thị Minh Khai', 'محمد'])(
    'the name %s is whole',
    async (name) => {
      expect(await pageWith(name)).toContain(`<strong class="name"><bdi>${name}</bdi></strong>`)
    },
  )

  test('a cut never leaves half a character', async () => {
    const html = await pageWith('葛\u{e0100}'.repeat(200))
    expect(html).toContain(`${'葛\u{e0100}'.repeat(100)}</bdi><span class="cut">`)
  })
})

test('the other pages escape alike', async () => {
  const text = '"><script>alert(1)</script>'
  const pages = [
    refusalPage({ code: text, sentence: { ja: text, en: text }, reference: text }),
    launchPage({
      title: text,
      action: '/launch',
      patients: [{ name: text, note: text, fields: { [text]: text } }],
    }),
    statusPage({
      at: '2026-11-22T05:03:12Z',
      hub: { state: 'up', auditSize: 1, sealedAt: null },
      regions: [
        {
          id: text,
          name: text,
          stage: 'asking',
          state: 'up',
          lastAnswerAt: null,
          lastAskedAt: null,
          latencyMs: null,
        },
      ],
    }),
  ]
  for (const page of pages) expect(String(await page)).not.toContain('<script')
})

test('a page that would send people elsewhere is not made', () => {
  for (const to of [
    '//evil.example',
    '/\\evil.example',
    'https://evil.example',
    'javascript:alert(1)',
    '/a\\b',
    '/a b',
  ])
    expect(() =>
      refusalPage({
        code: 'x',
        sentence: { ja: 'x', en: 'x' },
        reference: 'x',
        back: { label: 'x', to },
      }),
    ).toThrow('own server')
})

test('region names of forty characters and two thousand rows of one drug', async () => {
  const region = { ...MINATO, name: '長'.repeat(40) }
  const html = String(
    await viewerPage(sampleModel([{ region, state: 'complete', resources: [RESOURCES.condition] }])),
  )
  expect(html).toContain('長'.repeat(40))
})
