import { afterAll, beforeAll, expect, test } from 'vitest'
import { recordAudit } from '../../src/audit/index.ts'
import { listOversight, runOversight, settleOversight } from '../../src/commands/oversight.ts'
import { type CommandPlace, commandPlace } from './command-place.ts'

let place: CommandPlace
beforeAll(async () => {
  place = await commandPlace()
})
afterAll(() => place[Symbol.asyncDispose]())

const within: CommandPlace['run'] = (run) => place.run(run)

/** Ten people described in vain, by one user in one day. */
async function guesses(): Promise<void> {
  const who = {
    region: 'minato',
    institution: '1410000001',
    user: 'dr-1',
    profession: 'physician',
    post: 'staff',
  }
  for (let n = 0; n < 10; n++) {
    const detail = {
      ...who,
      request: `r-${n}`,
      purpose: 'TREAT',
      items: ['condition'],
      person: null,
      verdicts: [],
    }
    const at = new Date(`2026-06-01T12:0${n}:00+09:00`)
    await place.db.transaction((tx) => recordAudit(tx, { kind: 'query.attempt', at, detail }))
  }
}

test('run finds, list shows, settle puts on record; each day is the same however often it is run', async () => {
  expect(await within(() => runOversight({ day: '2026-06-01' }))).toMatchObject({ code: 0 })
  await guesses()
  const run = await within(() => runOversight({ day: '2026-06-01', json: true }))
  expect(JSON.parse(run.out)).toMatchObject({ attempts: 10, viewers: 1, findings: 1 })
  expect(JSON.parse((await within(() => runOversight({ day: '2026-06-01', json: true }))).out)).toMatchObject(
    {
      findings: 0,
    },
  )
  const listed = await within(() => listOversight({ region: 'minato' }))
  expect(listed.out).toContain('該当者のない照会を反復')
  const [found] = (await within(() => listOversight({ json: true }))).out
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line))
  expect(found).toMatchObject({ rule: 'many-unfound', userId: 'dr-1', outcome: null })
  const said = { by: '個人情報管理者', outcome: 'improper', followUp: '本人と面談し、研修を受けさせた。' }
  expect(await within(() => settleOversight(found.id, said))).toMatchObject({ code: 0 })
  expect(await within(() => settleOversight(found.id, said))).toMatchObject({ code: 5 })
  expect((await within(() => listOversight({}))).out).toBe('')
  expect((await within(() => listOversight({ all: true }))).out).toContain('improper')
})

test('2 for a day that is none or that no month has, or a settlement that says nothing', async () => {
  for (const day of ['tomorrow', '2026-02-30', '2025-02-29', '2026-13-01']) {
    expect(await within(async () => runOversight({ day }))).toMatchObject({ code: 2 })
  }
  expect(
    await within(async () => settleOversight('x', { by: '', outcome: 'fine', followUp: '' })),
  ).toMatchObject({ code: 2 })
})
