import { describe, expect, test } from 'vitest'
import { auditDetail, auditEntry } from '../../src/audit/tables.ts'
import { noteNeed } from '../../src/identity/index.ts'
import { reviewItem } from '../../src/identity/review-tables.ts'
import { link, possibleLink } from '../../src/identity/tables.ts'
import { outbox } from '../../src/kernel/outbox-tables.ts'
import { endAgreement, putAgreement } from '../../src/registry/index.ts'
import { ITEM_CODES } from '../../src/vocabulary/index.ts'
import { patientIn, patientPath, SYSTEM_OF } from '../support/sample-calls.ts'
import { NOON } from '../support/test-context.ts'
import { queryCall, type RegionId, register, type TestHub, testHub } from '../support/test-hub.ts'
import { codeOf } from './index-app.ts'

interface Shown {
  patient: string
  state: string
  basis: string
  need: { consents: number; queries: number }
  claim: { clerk: string | null } | null
  proposed: { candidates: string[]; clerk: string | null } | null
  values: { surname: string[]; insured: string[] }
  candidates: {
    candidate: string
    region: string | null
    patient: string | null
    values: { surname: string[] } | null
    vetoes: string[]
    fields: { field: string; agreement: string }[]
    passes: string[]
    vetoesChecked: string[]
    sentence: string
    runnerUp: { candidate: string | null; patient: string | null; bits: number } | null
  }[]
}

interface Decisions {
  decisions: { id: number; verb: string; undo: 'second' | null }[]
}

/** A clerk of a region, whose gateway signs. */
function clerk(t: TestHub, region: RegionId, sub = 'clerk-1') {
  const claims = { sub, duty: 'index-clerk' }
  return {
    get: (path: string) => t.send(region, { method: 'GET', path: `/review/${path}`, claims }),
    post: (path: string, body: object) =>
      t.send(region, { method: 'POST', path: `/review/${path}`, body: JSON.stringify(body), claims }),
    async item(patient: string): Promise<Shown> {
      const response = await t.send(region, {
        method: 'GET',
        path: `/review/item?patient=${patient}`,
        claims,
      })
      expect(response.status).toBe(200)
      return (await response.json()) as Shown
    },
    async items(query = ''): Promise<{ localId: string; reasons: string[] }[]> {
      const response = await t.send(region, { method: 'GET', path: `/review/items${query}`, claims })
      return ((await response.json()) as { items: { localId: string; reasons: string[] }[] }).items
    },
  }
}

/** Two registrations of one insured number and birth date, of different sex: a rule holds, and a veto. */
async function doubted(options: { sex?: string } = {}) {
  const t = await testHub()
  await register(t, 'minato', 'p-1', { consent: false })
  await register(t, 'sagamino', 'q-1', { consent: false, changes: { gender: options.sex ?? 'male' } })
  return t
}

/** Two whom only a clerk can join: a twin's given name is missing at one of them. */
async function unvetoed() {
  const t = await testHub()
  await register(t, 'minato', 'p-1', { consent: false })
  await register(t, 'sagamino', 'q-1', { consent: false })
  await register(t, 'shiokaze', 'r-1', { consent: false, changes: { gender: 'male' } })
  return t
}

async function persons(t: TestHub): Promise<string[][]> {
  const rows = await t.db.select().from(link)
  const groups = [...Map.groupBy(rows, ({ person }) => person).values()]
  return groups.map((each) => each.map(({ region, localId }) => `${region} ${localId}`).sort()).sort()
}

const SEPARATE = [['minato p-1'], ['sagamino q-1']]
const TOGETHER = [['minato p-1', 'sagamino q-1']]

test('both regions see what waits, each about its own registration, with the reasons', async () => {
  await using t = await doubted()
  expect(await persons(t)).toEqual(SEPARATE)
  const minato = await clerk(t, 'minato').items()
  expect(minato).toMatchObject([{ localId: 'p-1', candidates: 1, reasons: ['V4'], state: 'open' }])
  expect(await clerk(t, 'sagamino').items()).toMatchObject([{ localId: 'q-1', reasons: ['V4'] }])
  expect(await clerk(t, 'shiokaze').items()).toEqual([])
  expect(await clerk(t, 'minato').items('?reason=V6')).toEqual([])
  expect(await clerk(t, 'minato').items('?state=unsure')).toEqual([])
})

describe('a clerk sees', () => {
  test('the own registration’s values, and of the other only how each field compares', async () => {
    await using t = await doubted()
    const response = await clerk(t, 'minato').get('item?patient=p-1')
    const text = await response.text()
    const item = JSON.parse(text) as Shown
    expect(item.values).toMatchObject({ surname: ['汐見', 'シオミ'], insured: ['33120015:あ:123456:01'] })
    const [candidate] = item.candidates
    expect(candidate).toMatchObject({
      candidate: '1',
      region: null,
      patient: null,
      values: null,
      vetoes: ['V4'],
    })
    expect(candidate?.fields).toContainEqual({ field: 'sex', agreement: 'different' })
    expect(candidate?.fields).toContainEqual({ field: 'birthDate', agreement: 'equal' })
    expect(candidate?.passes).toContain('number')
    expect(candidate?.vetoesChecked).toEqual(expect.arrayContaining(['V4', 'V6']))
    expect(candidate?.sentence).toContain('性別が異なる')
    expect(candidate?.runnerUp).toBeNull()
    expect(text).not.toMatch(/sagamino|q-1|"male"/)
  })

  test('who else is alike: the region’s own registrations, and of others’ none but candidates', async () => {
    await using t = await doubted()
    await register(t, 'shiokaze', 'r-1', { consent: false })
    const [before] = (await clerk(t, 'minato').item('p-1')).candidates
    expect(before?.runnerUp).toBeNull()
    await register(t, 'minato', 'p-2', { consent: false, changes: { gender: 'male' } })
    const { candidates } = await clerk(t, 'minato').item('p-1')
    expect(candidates).toMatchObject([{ patient: null, runnerUp: { candidate: null, patient: 'p-2' } }])
    const [, second] = (await clerk(t, 'minato').item('p-2')).candidates
    expect(second?.runnerUp).toMatchObject({ candidate: '1' })
    expect(JSON.stringify(candidates)).not.toMatch(/sagamino|shiokaze|q-1|r-1/)
  })

  test('the other’s values where the agreement says so, and not once it has ended', async () => {
    await using t = await doubted()
    const direction = { asking: 'minato', holding: 'sagamino' }
    await t.db.transaction(async (tx) => {
      await endAgreement(tx, direction, NOON)
      const agreed = { ...direction, items: [...ITEM_CODES], clerksSeeValues: true }
      await putAgreement(tx, agreed, NOON)
    })
    const [candidate] = (await clerk(t, 'minato').item('p-1')).candidates
    expect(candidate).toMatchObject({
      region: 'sagamino',
      patient: 'q-1',
      values: { surname: ['汐見', 'シオミ'] },
    })
    expect((await clerk(t, 'sagamino').item('q-1')).candidates[0]?.values).toBeNull()
    await t.db.transaction((tx) => endAgreement(tx, direction, NOON))
    expect((await clerk(t, 'minato').item('p-1')).candidates[0]?.values).toBeNull()
  })

  test.each<['minato' | 'sagamino', string]>([
    ['minato', 'p-1'],
    ['sagamino', 'q-1'],
  ])(
    'D17: nothing of another region’s where either is protected, as by %s, whatever was agreed',
    async (region, id) => {
      await using t = await doubted()
      await t.db.transaction(async (tx) => {
        for (const direction of [
          { asking: 'minato', holding: 'sagamino' },
          { asking: 'sagamino', holding: 'minato' },
        ]) {
          await endAgreement(tx, direction, NOON)
          await putAgreement(tx, { ...direction, items: [...ITEM_CODES], clerksSeeValues: true }, NOON)
        }
      })
      const gender = region === 'minato' ? 'female' : 'male'
      const meta = { security: [{ system: 'https://tsunagi.example/CodeSystem/protection' }] }
      await register(t, region, id, { consent: false, changes: { gender, meta } })
      for (const [asking, patient] of [
        ['minato', 'p-1'],
        ['sagamino', 'q-1'],
      ] as const) {
        const [candidate] = (await clerk(t, asking).item(patient)).candidates
        expect(candidate).toMatchObject({ region: null, patient: null, values: null })
      }
    },
  )
})

describe('refused', () => {
  test('403 without the duty, 404 for what does not wait or is another region’s, 400 and 422 for what is malformed', async () => {
    await using t = await doubted()
    const plain = await t.send('minato', { method: 'GET', path: '/review/items' })
    expect([plain.status, await codeOf(plain)]).toEqual([403, 'duty-required'])
    const user = await t.send('minato', { ...queryCall('minato'), path: '/review/claim' })
    expect(user.status).toBeGreaterThanOrEqual(400)
    const foreign = await clerk(t, 'minato').get('item?patient=q-1')
    expect([foreign.status, await codeOf(foreign)]).toEqual([404, 'review-item-unknown'])
    expect((await clerk(t, 'minato').get('item?patient=p-1&patient=p-1')).status).toBe(400)
    expect((await clerk(t, 'minato').get('items?limit=101')).status).toBe(400)
    const { basis } = await clerk(t, 'minato').item('p-1')
    const settle = { patient: 'p-1', basis, decision: 'same', candidates: [], reason: '電話' }
    expect((await clerk(t, 'minato').post('settle', settle)).status).toBe(422)
    expect((await clerk(t, 'minato').post('settle', { ...settle, candidates: ['2'] })).status).toBe(409)
    const unsigned = await t.send('minato', {
      method: 'GET',
      path: '/review/items',
      authorization: undefined,
    })
    expect(unsigned.status).toBe(401)
    expect(await persons(t)).toEqual(SEPARATE)
  })
})

test('a claim keeps others off until it ends or is given back', async () => {
  let now = NOON
  await using t = await testHub({ now: () => now })
  await register(t, 'minato', 'p-1', { consent: false })
  await register(t, 'sagamino', 'q-1', { consent: false, changes: { gender: 'male' } })
  const [first, second] = [clerk(t, 'minato'), clerk(t, 'minato', 'clerk-2')]
  expect((await first.post('claim', { patient: 'p-1' })).status).toBe(200)
  expect((await first.post('claim', { patient: 'p-1' })).status).toBe(200)
  const refused = await second.post('claim', { patient: 'p-1' })
  expect([refused.status, await codeOf(refused)]).toEqual([409, 'review-claimed'])
  const { basis } = await second.item('p-1')
  const different = { patient: 'p-1', basis, decision: 'different', candidates: [], reason: '本人に確認' }
  expect(await codeOf(await second.post('settle', different))).toBe('review-claimed')
  now = new Date(NOON.getTime() + 30 * 60_000)
  expect((await second.post('claim', { patient: 'p-1' })).status).toBe(200)
  expect((await second.post('release', { patient: 'p-1' })).status).toBe(204)
  expect((await first.post('claim', { patient: 'p-1' })).status).toBe(200)
})

test('two clerks claim at the same moment: one has it', async () => {
  await using t = await doubted()
  const claims = await Promise.all(
    [1, 2, 3, 4].map((n) => clerk(t, 'minato', `clerk-${n}`).post('claim', { patient: 'p-1' })),
  )
  expect(claims.map(({ status }) => status).sort()).toEqual([200, 409, 409, 409])
})

describe('settled', () => {
  test('as different: it waits no more, for either region, and stays so', async () => {
    await using t = await doubted()
    const { basis } = await clerk(t, 'minato').item('p-1')
    const body = { patient: 'p-1', basis, decision: 'different', candidates: ['1'], reason: '本人に確認' }
    const settled = await clerk(t, 'minato').post('settle', body)
    expect([settled.status, await settled.json()]).toMatchObject([200, { state: 'settled', decision: 1 }])
    expect(await clerk(t, 'sagamino').items()).toEqual([])
    await register(t, 'sagamino', 'q-1', { consent: false })
    expect(await persons(t)).toEqual(SEPARATE)
    const [decision] = (
      (await (await clerk(t, 'minato').get('decisions?patient=p-1')).json()) as { decisions: object[] }
    ).decisions
    expect(decision).toMatchObject({ id: 1, verb: 'split', clerk: 'clerk-1', reason: '本人に確認' })
    const theirs = await (await clerk(t, 'sagamino').get('decisions?patient=q-1')).json()
    expect(theirs).toMatchObject({ decisions: [{ id: 1, clerk: null, reason: null }] })
  })

  test('as the same, over a veto: only when another clerk confirms it', async () => {
    await using t = await doubted()
    const [first, second] = [clerk(t, 'minato'), clerk(t, 'minato', 'clerk-2')]
    const { basis } = await first.item('p-1')
    const body = { patient: 'p-1', basis, decision: 'same', candidates: ['1'], reason: '性別の誤記' }
    const proposed = await first.post('settle', body)
    expect([proposed.status, await proposed.json()]).toEqual([202, { state: 'second', decision: null }])
    expect(await persons(t)).toEqual(SEPARATE)
    expect(await first.item('p-1')).toMatchObject({
      state: 'second',
      proposed: { candidates: ['1'], clerk: 'clerk-1' },
    })
    const confirm = { patient: 'p-1', basis, isConfirmed: true }
    expect(await codeOf(await first.post('second', confirm))).toBe('second-person-required')
    expect((await second.post('second', confirm)).status).toBe(200)
    expect(await persons(t)).toEqual(TOGETHER)
    expect(await first.items()).toEqual([])
    await register(t, 'sagamino', 'q-1', { consent: false, changes: { gender: 'male', address: [] } })
    expect(await persons(t)).toEqual(TOGETHER)
  })

  test('turned down by the second: it waits as before', async () => {
    await using t = await doubted()
    const [first, second] = [clerk(t, 'minato'), clerk(t, 'minato', 'clerk-2')]
    const { basis } = await first.item('p-1')
    await first.post('settle', {
      patient: 'p-1',
      basis,
      decision: 'same',
      candidates: ['1'],
      reason: '性別の誤記',
    })
    const turned = await second.post('second', { patient: 'p-1', basis, isConfirmed: false })
    expect([turned.status, await turned.json()]).toEqual([200, { state: 'open', decision: null }])
    expect(await persons(t)).toEqual(SEPARATE)
    expect(await first.item('p-1')).toMatchObject({ state: 'open', proposed: null })
  })

  test('as unsure, or by asking the source: it waits on, unlinked, behind the others', async () => {
    await using t = await doubted()
    for (const [decision, state] of [
      ['unsure', 'unsure'],
      ['ask-source', 'asked'],
    ]) {
      const { basis } = await clerk(t, 'minato').item('p-1')
      const body = { patient: 'p-1', basis, decision, candidates: [], reason: '折り返し待ち' }
      expect((await clerk(t, 'minato').post('settle', body)).status).toBe(200)
      expect(await clerk(t, 'minato').items(`?state=${state}`)).toMatchObject([{ localId: 'p-1', state }])
    }
    expect(await persons(t)).toEqual(SEPARATE)
  })

  test('by asking the source: each region is asked about its own registration, by the fields that differ', async () => {
    await using t = await doubted()
    const { basis } = await clerk(t, 'minato').item('p-1')
    const body = { patient: 'p-1', basis, decision: 'ask-source', candidates: ['1'], reason: '確認中' }
    expect((await clerk(t, 'minato').post('settle', body)).status).toBe(200)
    const letters = (await t.db.select().from(outbox)).map(({ destination, body: text }) => ({
      destination,
      ...(JSON.parse(text) as { kind: string; patient: string; fields: string[] }),
    }))
    expect(letters.filter(({ kind }) => kind === 'registration-doubted')).toMatchObject([
      { destination: 'sagamino', patient: 'q-1', fields: ['sex'] },
      { destination: 'minato', patient: 'p-1', fields: ['sex'] },
    ])
  })
})

describe('409 when the page is stale', () => {
  test('because the registration changed, and nothing is decided', async () => {
    await using t = await doubted()
    const { basis } = await clerk(t, 'minato').item('p-1')
    await register(t, 'sagamino', 'q-1', { consent: false, changes: { gender: 'male', telecom: [] } })
    const body = { patient: 'p-1', basis, decision: 'different', candidates: ['1'], reason: '本人に確認' }
    const refused = await clerk(t, 'minato').post('settle', body)
    expect([refused.status, await codeOf(refused)]).toEqual([409, 'decision-stale'])
    expect((await clerk(t, 'minato').item('p-1')).basis).not.toBe(basis)
  })

  test('because another clerk decided the contrary in the same moment: one of them counts', async () => {
    await using t = await doubted()
    for (let round = 0; round < 5; round += 1) {
      const [a, b] = [clerk(t, 'minato'), clerk(t, 'sagamino', 'clerk-9')]
      const [left, right] = [await a.item('p-1'), await b.item('q-1')]
      const answers = await Promise.all([
        a.post('settle', {
          patient: 'p-1',
          basis: left.basis,
          decision: 'different',
          candidates: ['1'],
          reason: '違う方',
        }),
        b.post('settle', {
          patient: 'q-1',
          basis: right.basis,
          decision: 'different',
          candidates: ['1'],
          reason: '違う方',
        }),
      ])
      expect(answers.map(({ status }) => status).sort()).toEqual([200, 404])
      const won = (await answers.find(({ status }) => status === 200)?.json()) as { decision: number }
      expect((await a.post('undo', { decision: won.decision, reason: '取り消し' })).status).toBe(200)
    }
  })
})

test('202 for an undo that takes two: it waits until another clerk asks for it too', async () => {
  await using t = await doubted()
  const [first, second] = [clerk(t, 'minato'), clerk(t, 'sagamino', 'clerk-9')]
  const { basis } = await first.item('p-1')
  const same = { patient: 'p-1', basis, decision: 'same', candidates: ['1'], reason: '同じ方' }
  expect((await first.post('settle', same)).status).toBe(202)
  const proposed = await second.item('q-1')
  expect(proposed.candidates).toHaveLength(1)
  const confirmed = await clerk(t, 'minato', 'clerk-2').post('second', {
    ...{ patient: 'p-1', basis, isConfirmed: true },
  })
  const { decision } = (await confirmed.json()) as { decision: number }
  expect(await persons(t)).toEqual(TOGETHER)
  const undo = { decision, reason: '取り違え' }
  for (let times = 0; times < 2; times += 1) {
    const asked = await first.post('undo', undo)
    expect([asked.status, await asked.json()]).toEqual([202, { state: 'second', decision: null }])
  }
  expect(await persons(t)).toEqual(TOGETHER)
  const [waiting] = ((await (await first.get('decisions?patient=p-1')).json()) as Decisions).decisions
  expect(waiting).toMatchObject({ id: decision, undo: 'second' })
  const carried = await second.post('undo', { decision, reason: '別の方' })
  expect([carried.status, await carried.json()]).toMatchObject([200, { state: 'settled' }])
  expect(await persons(t)).toEqual(SEPARATE)
  const [own] = ((await (await first.get('decisions?patient=p-1')).json()) as Decisions).decisions
  expect(own).toMatchObject({ verb: 'undo', clerk: 'clerk-1', reason: '取り違え', undo: null })
})

test('whoever is needed comes first', async () => {
  await using t = await doubted()
  const twin = { name: [{ family: '浜田', given: ['太郎'] }], birthDate: '1970-05-06', identifier: undefined }
  const own = (region: RegionId, id: string) => (patientIn(region, id) as { identifier: object[] }).identifier
  const pair = { ...twin, identifier: [] as object[] }
  for (const [region, id, gender] of [
    ['minato', 'p-2', 'male'],
    ['sagamino', 'q-2', 'female'],
  ] as const) {
    const [first] = own(region, id)
    const insured = {
      system: 'http://jpfhir.jp/fhir/clins/Idsystem/JP_Insurance_memberID',
      value: '33120015:い:77:01',
    }
    pair.identifier = [first as object, insured]
    await register(t, region, id, { consent: false, changes: { ...pair, gender } })
  }
  const order = async () => (await clerk(t, 'minato').items()).map(({ localId }) => localId)
  expect(await order()).toEqual(['p-1', 'p-2'])
  await t.db.transaction((tx) =>
    noteNeed(
      tx,
      [
        { region: 'minato', localId: 'p-2' },
        { region: 'minato', localId: 'p-9' },
      ],
      'queries',
      NOON,
    ),
  )
  expect(await order()).toEqual(['p-2', 'p-1'])
  expect(await t.db.select().from(reviewItem)).toHaveLength(1)
  await t.db.transaction((tx) => noteNeed(tx, [{ region: 'minato', localId: 'p-1' }], 'consents', NOON))
  await t.db.transaction((tx) => noteNeed(tx, [{ region: 'minato', localId: 'p-1' }], 'queries', NOON))
  expect(await order()).toEqual(['p-1', 'p-2'])
})

test('a consent and a query raise the need of whom they are about', async () => {
  await using t = await doubted()
  await register(t, 'minato', 'p-1')
  await t.send('minato', queryCall('minato', { localId: 'p-1' }))
  await t.send('minato', queryCall('minato', { localId: 'p-1' }))
  expect((await clerk(t, 'minato').item('p-1')).need).toEqual({ consents: 1, queries: 2 })
  expect((await clerk(t, 'sagamino').item('q-1')).need).toEqual({ consents: 0, queries: 0 })
})

test('counts by reason and age', async () => {
  let now = NOON
  await using t = await testHub({ now: () => now })
  await register(t, 'minato', 'p-1', { consent: false })
  await register(t, 'sagamino', 'q-1', { consent: false, changes: { gender: 'male' } })
  now = new Date(NOON.getTime() + 8 * 86_400_000)
  const counts = await (await clerk(t, 'minato').get('counts')).json()
  expect(counts).toEqual({ counts: [{ reason: 'V4', day: 0, week: 0, month: 1, older: 0 }] })
  expect(await (await clerk(t, 'shiokaze').get('counts')).json()).toEqual({ counts: [] })
})

test('reading an item and every change of it are on the record, without values', async () => {
  await using t = await doubted()
  const { basis } = await clerk(t, 'minato').item('p-1')
  await clerk(t, 'minato').post('claim', { patient: 'p-1' })
  await clerk(t, 'minato').post('settle', {
    patient: 'p-1',
    basis,
    decision: 'unsure',
    candidates: [],
    reason: '不明',
  })
  const rows = await t.db.select({ kind: auditEntry.kind }).from(auditEntry)
  const kinds = rows.map(({ kind }) => kind).filter((kind) => kind.startsWith('review.'))
  expect(kinds.sort()).toEqual(['review.changed', 'review.changed', 'review.read'])
  const details = (await t.db.select().from(auditDetail)).map(({ detail }) => detail).join('\n')
  expect(details).not.toContain('汐見')
})

test('what was shown while people were taken for one can be listed afterwards', async () => {
  await using t = await unvetoed()
  expect((await persons(t)).at(0)).toEqual(['minato p-1', 'sagamino q-1'])
  await register(t, 'minato', 'p-1', {})
  await register(t, 'sagamino', 'q-1', {})
  const asked = await t.send('minato', queryCall('minato', { localId: 'p-1' }))
  expect(asked.status).toBe(200)
  const split = await clerk(t, 'sagamino').post('split', { patients: ['q-1'], reason: '別人と判明' })
  const { decision } = (await split.json()) as { decision: number }
  const listed = await (await clerk(t, 'sagamino').get(`disclosures?decision=${decision}`)).json()
  expect(listed).toMatchObject({
    disclosures: [{ region: 'minato', institution: '1410000001', user: 'dr-1' }],
  })
  const unconcerned = await clerk(t, 'shiokaze').get(`disclosures?decision=${decision}`)
  expect([unconcerned.status, await codeOf(unconcerned)]).toEqual([404, 'decision-unknown'])
  expect(await t.db.select().from(possibleLink)).toHaveLength(2)
})

test('nor is what was shown under an id that was merged since left out', async () => {
  await using t = await unvetoed()
  await register(t, 'minato', 'p-1', {})
  await register(t, 'sagamino', 'q-1', {})
  expect((await t.send('minato', queryCall('minato', { localId: 'p-1' }))).status).toBe(200)
  await register(t, 'sagamino', 'q-2', { consent: false })
  const identifier = { system: SYSTEM_OF.sagamino, value: 'q-2' }
  const own = [{ system: SYSTEM_OF.sagamino, value: 'q-1' }]
  const link = [{ type: 'replaced-by', other: { identifier } }]
  const body = JSON.stringify({ resourceType: 'Patient', identifier: own, active: false, link })
  const merged = await t.send('sagamino', { method: 'PUT', path: patientPath('sagamino', 'q-1'), body })
  expect(merged.status).toBe(200)
  expect((await persons(t)).at(0)).toEqual(['minato p-1', 'sagamino q-2'])
  const split = await clerk(t, 'sagamino').post('split', { patients: ['q-2'], reason: '別人と判明' })
  const { decision } = (await split.json()) as { decision: number }
  const listed = await (await clerk(t, 'sagamino').get(`disclosures?decision=${decision}`)).json()
  expect(listed).toMatchObject({ disclosures: [{ region: 'minato', user: 'dr-1' }] })
})
