import { sql } from 'drizzle-orm'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { DEFAULT_POLICY, SYSTEMS } from '../../src/vocabulary/index.ts'
import { capturedLog } from '../support/captured-log.ts'
import type { PeerAnswer } from '../support/peer-gateway.ts'
import { policyFrom } from '../support/sample-policy.ts'
import {
  CLINIC_OF,
  consentIn,
  patientIn,
  patientPath,
  pixPath,
  queryCall,
  register,
  type SentCall,
  SYSTEM_OF,
  type TestHub,
  testHub,
} from '../support/test-hub.ts'

/** Case I18: a word that stands in every field of every call turns up in no refusal and in no line of the log. */
const CANARY = /カナリア|kanaria|KANARIA/
/** What would tell of the inside: SQL, a place in the code, a token. */
const INSIDE =
  /\b(select|insert|update|delete) .{0,200}(from|into|set|where)\b|\$\d\b|at .*\.ts:\d|node_modules|postgres|drizzle|eyJ[\w-]{8,}\.[\w-]{8,}/i

const { log, lines } = capturedLog()
let t: TestHub

beforeAll(async () => {
  t = await testHub({ log })
  await register(t, 'minato', 'kanaria-m', { changes: resident() })
  await register(t, 'shiokaze', 'kanaria-p', { changes: resident() })
})
afterAll(() => t[Symbol.asyncDispose]())

/** A resident who is a canary throughout. */
function resident(changes: object = {}): object {
  return {
    name: [
      { family: 'カナリア', given: ['カナリア子'] },
      { text: 'kanaria', family: 'カナリア', given: ['カナリアコ'] },
    ],
    telecom: [{ system: 'phone', value: '090-KANARIA' }],
    address: [{ text: 'カナリア町', city: 'カナリア市', line: ['カナリア1-2-3'], postalCode: 'KANARIA' }],
    contact: [{ name: { text: 'カナリア母' } }],
    extension: [{ url: 'urn:kanaria', valueString: 'カナリア' }],
    ...changes,
  }
}

const MINE = (value: string) => patientPath('minato', value)

function feed(changes: object, localId = 'kanaria-9'): SentCall {
  return {
    method: 'PUT',
    path: MINE(localId),
    body: JSON.stringify(patientIn('minato', localId, resident(changes))),
  }
}

function consent(changes: object, localId = 'kanaria-m'): SentCall {
  const said = {
    meta: { versionId: '7' },
    performer: [
      { reference: 'Patient/kanaria', display: 'カナリア花子' },
      { identifier: { system: 'urn:kanaria', value: 'kanaria' } },
    ],
    sourceReference: {
      identifier: { system: 'urn:oid:2.999.14.9', value: 'kanaria-paper' },
      display: 'カナリア',
    },
    ...changes,
  }
  return { method: 'POST', path: '/fhir/Consent', body: JSON.stringify(consentIn('minato', localId, said)) }
}

function visit(changes: object, localId = 'kanaria-m'): SentCall {
  const body = {
    resourceType: 'Encounter',
    id: 'kanaria',
    status: 'finished',
    class: { system: 'http://terminology.hl7.org/CodeSystem/v3-ActCode', code: 'AMB', display: 'カナリア' },
    type: [{ coding: [{ system: SYSTEMS.visitKind, code: 'outpatient' }], text: 'カナリア' }],
    subject: { identifier: { system: SYSTEM_OF.minato, value: localId } },
    period: { start: '2026-06-01' },
    serviceProvider: {
      identifier: { system: SYSTEMS.institutionNumber, value: CLINIC_OF.minato },
      display: 'カナリア医院',
    },
    ...changes,
  }
  return { method: 'POST', path: '/fhir/Encounter', body: JSON.stringify(body) }
}

const lookUp = (localId: string): SentCall => ({
  method: 'GET',
  path: pixPath('minato', localId),
})

const policy = (changes: object): SentCall => ({
  method: 'PUT',
  path: '/policy',
  body: JSON.stringify(changes),
})

const query = (asked: object = {}): SentCall =>
  queryCall('shiokaze', {
    localId: 'kanaria-p',
    user: 'kanaria-dr',
    userName: 'カナリア太郎',
    terminal: 'kanaria-pc',
    ...asked,
  })

async function expectSilent(response: Response, region = ''): Promise<void> {
  const told = `${await response.text()}${JSON.stringify([...response.headers])}`
  expect(response.status, region).toBeGreaterThanOrEqual(400)
  expect(told).not.toMatch(CANARY)
  expect(told.replace(/"tsunagi-receipt","[^"]*"/, '')).not.toMatch(INSIDE)
  await expectSilentLog()
}

async function expectSilentLog(): Promise<void> {
  const logged = lines.splice(0).join('')
  expect(logged).not.toMatch(CANARY)
  expect(logged).not.toMatch(
    /\b(select|insert|update|delete) .{0,200}(from|into|set|where)\b|\$\d\b|eyJ[\w-]{8,}\.[\w-]{8,}/i,
  )
}

test('the calls that all others are made from are taken, and none of them is logged', async () => {
  const taken = [
    feed({ birthDate: '1990-05-06' }),
    consent({ meta: { versionId: '2' } }),
    visit({}),
    lookUp('kanaria-m'),
  ]
  for (const call of taken) expect((await t.send('minato', call)).status).toBeLessThan(300)
  await expectSilentLog()
})

describe('what is refused', () => {
  test.each<[string, SentCall]>([
    ['a birth date', feed({ birthDate: 'カナリア' })],
    ['a sex', feed({ gender: 'kanaria' })],
    ['a name that is no list', feed({ name: 'カナリア' })],
    ['a family name that is too long', feed({ name: [{ family: 'カナリア'.repeat(50) }] })],
    ['an unknown element', feed({ カナリア: 'kanaria' })],
    ['an insured number that is a number', feed({ identifier: [{ system: 'urn:kanaria', value: 1 }] })],
    ['an id in no domain', { ...feed({}), path: MINE('kanaria-8') }],
    ['a modifier', feed({ modifierExtension: [{ url: 'urn:kanaria' }] })],
    ['a merge', feed({ link: [{ type: 'replaced-by', other: { display: 'カナリア' } }] })],
    ['an Individual Number', feed({ extension: [{ url: 'urn:kanaria', valueString: '1234-5678-9018' }] })],
    ['text that is no JSON', { ...feed({}), body: '{"カナリア": kanaria}' }],
    ['a key twice', { ...feed({}), body: '{"カナリア": 1, "カナリア": 2}' }],
    ['a parameter', { ...feed({}), path: `${MINE('kanaria-9')}&kanaria=1` }],
    ['an id of a wrong form', { ...feed({}), path: '/fhir/Patient?identifier=kanaria' }],
    ['a path', { method: 'GET', path: '/fhir/kanaria/KANARIA' }],
    ['a consent on an unknown form', consent({ policy: [{ uri: 'urn:kanaria' }] })],
    ['a consent with an unknown element', consent({ カナリア: 'kanaria' })],
    ['a consent by a date', consent({ dateTime: 'カナリア' })],
    ['a consent of nobody', consent({}, 'kanaria-unknown')],
    ['a consent that is older', consent({ meta: { versionId: '1' } })],
    [
      'a consent in another domain',
      consent({ patient: { identifier: { system: 'urn:kanaria', value: 'kanaria' } } }),
    ],
    ['a visit of a kind', visit({ type: [{ coding: [{ system: SYSTEMS.visitKind, code: 'kanaria' }] }] })],
    ['a visit at an institution', visit({ serviceProvider: { display: 'カナリア' } })],
    ['a visit in the future', visit({ period: { start: '2027-01-01' } })],
    ['a visit of nobody', visit({}, 'kanaria-unknown')],
    ['a look-up of nobody', lookUp('kanaria-unknown')],
    [
      'a look-up in a domain',
      { method: 'GET', path: '/fhir/Patient/$ihe-pix?sourceIdentifier=urn:kanaria|kanaria' },
    ],
    ['a policy with an unknown element', policy({ カナリア: 1 })],
    ['a policy whose form has a name', policy({ forms: { カナリア: 'medical' } })],
    ['a policy whose form covers', policy({ forms: { kanaria: 'カナリア' } })],
    [
      'a search by an unknown parameter',
      queryCall('minato', { localId: 'kanaria-m', form: { kanaria: 'カナリア' } }),
    ],
    ['a search for a type', queryCall('minato', { localId: 'kanaria-m', form: { _type: 'kanaria' } })],
    ['a search for a period', queryCall('minato', { localId: 'kanaria-m', form: { date: 'kanaria' } })],
    ['a search for nobody', queryCall('minato', { localId: 'kanaria-unknown' })],
    [
      'another hash than the patient’s',
      queryCall('minato', { localId: 'kanaria-m', salt: 'kanaria', patientHash: 'a'.repeat(43) }),
    ],
    ['a claim', { ...lookUp('kanaria-m'), claims: { kanaria: 'カナリア' } }],
    ['an issuer', { ...lookUp('kanaria-m'), claims: { iss: 'kanaria' } }],
    ['an id of a token', { ...lookUp('kanaria-m'), claims: { jti: 'カナリア' } }],
    ['no token', { ...lookUp('kanaria-m'), authorization: 'Basic kanaria' }],
    ['a media type', { ...feed({}), contentType: 'text/kanaria' }],
    ['a format', { ...lookUp('kanaria-m'), headers: { accept: 'kanaria/kanaria' } }],
  ])('%s is not repeated', async (_, call) => {
    await expectSilent(await t.send('minato', call))
  })

  test('a query in which somebody writes the reason of an emergency', async () => {
    const asked = { breakGlass: { reason: 'カナリアさんが意識不明で搬送' }, purpose: 'BTG', visit: undefined }
    const denied = query({ ...asked, profession: 'nurse' })
    await expectSilent(await t.send('shiokaze', denied))
  })
})

describe('what regions send', () => {
  const CONDITION = JSON.stringify({
    resourceType: 'Condition',
    id: 'kanaria',
    code: { text: 'カナリア病' },
    subject: { reference: 'Patient/kanaria', display: 'カナリア花子' },
  })
  test.each<[string, PeerAnswer]>([
    ['another person’s record', { resources: [CONDITION] }],
    ['an unsigned record', { resources: [CONDITION], isUnsigned: true }],
    ['a page', { text: '<html><title>カナリア</title>', contentType: 'text/html' }],
    ['broken JSON', { text: '{"カナリア"' }],
    ['a fault', { httpStatus: 500, text: 'select kanaria from kanaria where name = カナリア' }],
    ['a redirect', { httpStatus: 302, text: 'カナリア' }],
    ['a refusal without proof', { httpStatus: 403, text: 'カナリア', isUnsigned: true }],
  ])('%s is not written to the log, and not shown', async (_, answer) => {
    t.gateways.minato.answers(() => answer)
    const response = await t.send('shiokaze', query())
    expect(await response.text()).not.toMatch(CANARY)
    await expectSilentLog()
  })

  test('not even an honest answer is logged', async () => {
    t.gateways.minato.answers(() => ({ resources: [CONDITION], patient: 'Patient/kanaria' }))
    const response = await t.send('shiokaze', query())
    expect(await response.text()).toContain(CONDITION)
    expect(lines.join('')).toContain('query.answered')
    await expectSilentLog()
  })
})

describe('a database at fault', () => {
  let version = 10
  const calls = (): SentCall[] => [
    feed({ birthDate: dayOf(++version) }, `kanaria-${version}`),
    consent({ meta: { versionId: String(version) } }),
    visit({
      type: [{ coding: [{ system: SYSTEMS.visitKind, code: 'checkup' }] }],
      period: { start: dayOf(version) },
    }),
    lookUp('kanaria-m'),
    policy({ ...policyFrom(), version, decided: { ...DEFAULT_POLICY.decided, body: 'カナリア会' } }),
    queryCall('minato', {
      localId: 'kanaria-m',
      user: 'kanaria-dr',
      userName: 'カナリア太郎',
      breakGlass: { reason: 'カナリアさんが意識不明で搬送' },
    }),
  ]
  const dayOf = (n: number) => new Date(Date.UTC(2026, 0, n)).toISOString().slice(0, 10)

  /** Every call while something is wrong: at least one must fail by it, and none may tell. */
  async function expectFaults(): Promise<void> {
    const statuses: number[] = []
    for (const call of calls()) {
      const response = await t.send('minato', call)
      const told = await response.text()
      statuses.push(response.status)
      if (response.status >= 400) {
        expect(told).not.toMatch(CANARY)
        expect(told).not.toMatch(INSIDE)
      }
      if (response.status >= 500) {
        expect(told).toContain('"code":"internal"')
        expect(told).toContain(response.headers.get('x-request-id'))
        expect(lines.join('')).toContain(response.headers.get('x-request-id'))
        expect(lines.join('')).toContain('http.fault')
      }
      await expectSilentLog()
    }
    expect(statuses).toContain(500)
  }

  test.each([
    'registration',
    'registration_key',
    'link',
    'link_event',
    'person',
    'consent',
    'visit',
    'policy',
    'epoch',
    'replay',
    'audit_entry',
    'audit_detail',
    'audit_unsealed',
    'region_key',
    'agreement',
  ])(
    'without its table %s: 500 with a reference number, and the fault in the log without a word of the person',
    async (table) => {
      const [whole, gone] = [sql.identifier(table), sql.identifier(`${table}_gone`)]
      await t.db.execute(sql`alter table ${whole} rename to ${gone}`)
      try {
        await expectFaults()
      } finally {
        await t.db.execute(sql`alter table ${gone} rename to ${whole}`)
      }
    },
  )

  test.each(['registration', 'consent', 'visit', 'audit_detail'])(
    'a constraint of %s whose fault repeats the row',
    async (table) => {
      const name = sql.identifier(table)
      await t.db.execute(sql`alter table ${name} add constraint nothing_more check (false) not valid`)
      try {
        await expectFaults()
      } finally {
        await t.db.execute(sql`alter table ${name} drop constraint nothing_more`)
      }
    },
  )

  test('a trigger that shouts the row out', async () => {
    await t.db.execute(sql`create function shout() returns trigger language plpgsql as
      $$ begin raise exception 'select kanaria from カナリア: %', new using detail = new::text, hint = 'カナリア'; end $$`)
    await t.db.execute(
      sql`create trigger shout before insert on audit_detail for each row execute function shout()`,
    )
    try {
      await expectFaults()
    } finally {
      await t.db.execute(sql`drop function shout() cascade`)
    }
  })
})
