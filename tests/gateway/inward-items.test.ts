import { describe, expect, test } from 'vitest'
import { putConsentCopy } from '../../src/gateway/index.ts'
import {
  CARE_ITEM_CODES,
  CLINICAL_ITEM_CODES,
  CLINICAL_TYPES,
  ITEM_CODES,
  ITEMS,
  type Item,
  SYSTEMS,
  typesOf,
} from '../../src/vocabulary/index.ts'
import { readAs } from '../support/sample-policy.ts'
import { NOON } from '../support/test-context.ts'
import {
  codeOf,
  consent,
  FORM,
  type InwardRegion,
  inwardRegion,
  LOCAL_ID,
  PATIENT,
  provenTexts,
  receiptOf,
} from './inward-region.ts'

/** Types whose subject R4 calls the patient. */
const PATIENT_TYPES = ['AllergyIntolerance', 'NutritionOrder', 'RelatedPerson']

/** One record of every item in every type that is searched for it, known by the project's own code. */
function recordsOf(items: readonly Item[]): Record<string, string[]> {
  const held = Object.fromEntries(
    typesOf(items).map((type) => [
      type,
      items.filter((item) => ITEMS[item].types.includes(type)).map((item) => recordOf(item, type)),
    ]),
  )
  return { Patient: [PATIENT], ...held }
}

function recordOf(item: Item, resourceType: string): string {
  const own = { coding: [{ system: SYSTEMS.item, code: item }] }
  const subject = { reference: 'Patient/p1' }
  return JSON.stringify({
    resourceType,
    id: `${item}-${resourceType}`.slice(0, 64),
    category: [own],
    ...(PATIENT_TYPES.includes(resourceType) ? { patient: subject } : { subject }),
  })
}

const INFECTION = JSON.stringify({
  resourceType: 'Observation',
  id: 'hbs',
  category: [{ coding: [{ system: SYSTEMS.item, code: 'laboratory' }] }],
  code: { coding: [{ system: SYSTEMS.infectionLaboratory[0], code: '5F016141001819011' }] },
  subject: { reference: 'Patient/p1' },
})

/** The types that the local system was asked for, each as often as it was. */
function searched(t: InwardRegion): string[] {
  const types = t.ehr.asked.map(({ type }) => type)
  return types.filter((type) => type !== 'metadata').sort()
}

/** Asks for the items and reads which of them the proven answer holds. */
async function itemsGiven(t: InwardRegion, items: readonly Item[]): Promise<string[]> {
  const texts = await provenTexts(t, await t.send(await t.prepare({ query: { items: [...items] } })))
  const given = texts.map((text) => JSON.parse(text).category?.[0]?.coding?.[0]?.code as string)
  return ITEM_CODES.filter((item) => given.includes(item))
}

test('all items are asked for at once, one search a type, and every one of them arrives', async () => {
  await using t = await inwardRegion()
  t.ehr.holds = recordsOf(ITEM_CODES)
  expect(await itemsGiven(t, ITEM_CODES)).toEqual(ITEM_CODES)
  expect(searched(t)).toEqual(['Patient', ...CLINICAL_TYPES].sort())
  const [reaction] = t.ehr.asked.filter(({ type }) => type === 'AdverseEvent')
  expect([...(reaction?.form.keys() ?? [])].sort()).toEqual(['_count', 'subject'])
})

test('the national set and what was asked before cost no search more than the five types', async () => {
  await using t = await inwardRegion()
  const items = ITEM_CODES.slice(0, 11)
  expect(items.filter((item) => ITEMS[item].national)).toHaveLength(9)
  await t.send(await t.prepare({ query: { items } }))
  expect(t.ehr.asked).toHaveLength(6)
})

describe('only what was granted leaves, though the search finds more', () => {
  test.each<[string, Item[]]>([
    ['one care item', ['barthel-index']],
    ['one wide item', ['condition']],
    ['the narrow ones beside it', ['past-history', 'chief-complaint']],
    ['documents beyond the national three', ['visiting-nurse-record', 'face-sheet']],
    ['laboratory results without infections', ['laboratory']],
    ['an item of several types', ['nutrition', 'life-data']],
  ])('%s', async (_, items) => {
    await using t = await inwardRegion()
    t.ehr.holds = recordsOf(ITEM_CODES)
    t.ehr.holds.Observation?.push(INFECTION)
    expect(await itemsGiven(t, items)).toEqual(ITEM_CODES.filter((item) => items.includes(item)))
    expect(searched(t)).toEqual(['Patient', ...typesOf(items)].sort())
  })

  test('an infection under the sender’s code for laboratory results stays where infections do', async () => {
    await using t = await inwardRegion({
      policy: { shared: ITEM_CODES.filter((item) => item !== 'infection') },
    })
    t.ehr.holds = { Patient: [PATIENT], Observation: [INFECTION] }
    const response = await t.send(await t.prepare({ query: { items: [...ITEM_CODES] } }))
    expect(await receiptOf(t, response)).toMatchObject({ status: 'empty', count: 0 })
  })

  test('a record flagged UNDELIVERED stays, inside another one too', async () => {
    await using t = await inwardRegion()
    const tag = [{ system: SYSTEMS.nationalFlag, code: 'UNDELIVERED' }]
    const record = JSON.parse(recordOf('barthel-index', 'Observation'))
    const contained = [{ resourceType: 'Observation', meta: { tag } }]
    const bundled = [{ resourceType: 'Bundle', type: 'collection', entry: [{ resource: contained[0] }] }]
    t.ehr.holds = {
      Patient: [PATIENT],
      Observation: [
        { ...record, meta: { tag } },
        { ...record, contained },
        { ...record, contained: bundled },
      ].map((each) => JSON.stringify(each)),
    }
    expect(await itemsGiven(t, ['barthel-index'])).toEqual([])
  })
})

test.each<[string, string, object]>([
  ['another’s operation', 'Procedure', { subject: { reference: 'Patient/p2' } }],
  ['nobody’s operation', 'Procedure', { subject: undefined }],
  ['another’s relative', 'RelatedPerson', { patient: { reference: 'Patient/p2' } }],
  ['another’s reaction', 'AdverseEvent', { subject: { reference: 'Patient/p2' } }],
  [
    'a plan that names somebody else inside',
    'CarePlan',
    { activity: [{ subject: { reference: 'Patient/p2' } }] },
  ],
  ['a report with a Patient inside', 'DiagnosticReport', { contained: [{ resourceType: 'Patient' }] }],
])('%s condemns all that was read', async (_, type, changes) => {
  await using t = await inwardRegion()
  t.ehr.holds = recordsOf(ITEM_CODES)
  const [first = '', ...rest] = t.ehr.holds[type] ?? []
  t.ehr.holds[type] = [JSON.stringify({ ...JSON.parse(first), ...changes }), ...rest]
  const response = await t.send(await t.prepare({ query: { items: [...ITEM_CODES] } }))
  expect(await receiptOf(t, response)).toMatchObject({ status: 'wrong-person', count: 0 })
  expect(await response.text()).not.toContain('Patient/p')
})

test('a period keeps back what was done outside it, and nothing that bears no day', async () => {
  await using t = await inwardRegion()
  const procedure = JSON.parse(recordOf('treatment', 'Procedure'))
  const report = JSON.parse(recordOf('imaging-report', 'DiagnosticReport'))
  const texts = (resources: object[]) => resources.map((each) => JSON.stringify(each))
  const kept = { ...procedure, id: 'kept', performedPeriod: { start: '2026-05-01', end: '2026-05-20' } }
  t.ehr.holds = {
    Patient: [PATIENT],
    Procedure: texts([procedure, kept, { ...procedure, id: 'old', performedDateTime: '2025-05-20' }]),
    DiagnosticReport: texts([{ ...report, effectiveDateTime: '2026-05-19' }]),
  }
  const items: Item[] = ['treatment', 'imaging-report']
  const sent = await t.prepare({ query: { items }, mandate: { period: { from: '2026-05-20' } } })
  const given = await provenTexts(t, await t.send(sent))
  expect(given).toEqual(texts([procedure, kept]))
})

describe('a local system that says which types it serves', () => {
  const withoutProcedures = (t: InwardRegion) => {
    t.ehr.statement = JSON.stringify({
      resourceType: 'CapabilityStatement',
      rest: [{ resource: [{ type: 'CarePlan', interaction: [{ code: 'search-type' }] }] }],
    })
  }

  test('is not asked for others, and the answer is whole', async () => {
    await using t = await inwardRegion({ policy: { showsWithholding: true } })
    withoutProcedures(t)
    t.ehr.holds = { Patient: [PATIENT], CarePlan: [recordOf('care-plan', 'CarePlan')] }
    const items: Item[] = ['care-plan', 'treatment', 'oral-care']
    const response = await t.send(await t.prepare({ query: { items } }))
    expect(searched(t)).toEqual(['CarePlan', 'DocumentReference', 'Observation', 'Patient'])
    const said = ITEM_CODES.filter((item) => items.includes(item) && item !== 'treatment')
    expect(await receiptOf(t, response)).toMatchObject({ status: 'complete', count: 1, items: said })
  })

  test('is asked nothing where it serves nothing of what is wanted, and the receipt says so', async () => {
    await using t = await inwardRegion({ policy: { showsWithholding: true } })
    withoutProcedures(t)
    const response = await t.send(await t.prepare({ query: { items: ['treatment'] } }))
    expect(searched(t)).toEqual(['Patient'])
    expect(await receiptOf(t, response)).toMatchObject({ status: 'empty', count: 0, items: [] })
  })

  test('is asked for the five types of the national set whatever it says, and only once what it serves', async () => {
    await using t = await inwardRegion()
    withoutProcedures(t)
    t.ehr.holds = recordsOf(ITEM_CODES)
    await t.send(await t.prepare({ query: { items: [...ITEM_CODES] } }))
    await t.send(await t.prepare({ query: { items: [...ITEM_CODES] } }))
    const five = ['AllergyIntolerance', 'Condition', 'DocumentReference', 'MedicationRequest', 'Observation']
    const once = ['Patient', ...five, 'CarePlan']
    expect(searched(t)).toEqual([...once, ...once].sort())
    expect(t.ehr.asked.filter(({ type }) => type === 'metadata')).toHaveLength(1)
  })

  test.each(['not JSON', '{"resourceType":"CapabilityStatement","rest":[{"resource":[null,{"type":3}]}]}'])(
    'and one that says nothing readable is asked for all: %s',
    async (statement) => {
      await using t = await inwardRegion()
      t.ehr.statement = statement
      await t.send(await t.prepare({ query: { items: ['treatment'] } }))
      expect(searched(t)).toEqual(['Patient', 'Procedure'])
    },
  )
})

describe('what the council reads the form to cover', () => {
  test('medical: no care item leaves, whoever asks for it', async () => {
    await using t = await inwardRegion({ policy: { forms: { [FORM]: readAs('medical') } } })
    t.ehr.holds = recordsOf(ITEM_CODES)
    expect(await itemsGiven(t, ITEM_CODES)).toEqual(CLINICAL_ITEM_CODES)
    const alone = await t.send(await t.prepare({ query: { items: [...CARE_ITEM_CODES] } }))
    expect([alone.status, await codeOf(alone)]).toEqual([403, 'holder-denied'])
  })

  test('medical and care: both leave', async () => {
    await using t = await inwardRegion({ policy: { forms: { [FORM]: readAs('medical-and-care') } } })
    t.ehr.holds = recordsOf(ITEM_CODES)
    expect(await itemsGiven(t, CARE_ITEM_CODES)).toEqual(CARE_ITEM_CODES)
  })
})

test('whoever keeps their diseases back keeps past history and complaints back with them', async () => {
  await using t = await inwardRegion()
  t.ehr.holds = recordsOf(ITEM_CODES)
  await t.ctx.db.transaction((tx) =>
    putConsentCopy(tx, LOCAL_ID, { ...consent(2), refused: ['condition', 'prescription'] }, NOON),
  )
  const kept = ['condition', 'past-history', 'chief-complaint', 'prescription', 'injection']
  expect(await itemsGiven(t, ITEM_CODES)).toEqual(ITEM_CODES.filter((item) => !kept.includes(item)))
})

test('all items fit in a receipt that names them, with the longest patient id there can be', async () => {
  await using t = await inwardRegion({ policy: { showsWithholding: true } })
  const id = 'p'.repeat(64)
  t.ehr.holds = { Patient: [PATIENT.replace('"p1"', JSON.stringify(id))] }
  const response = await t.send(await t.prepare({ query: { items: [...ITEM_CODES] } }))
  expect(response.headers.get('tsunagi-receipt')?.length).toBeLessThan(2_048)
  expect(await receiptOf(t, response)).toMatchObject({ items: ITEM_CODES, patient: `Patient/${id}` })
})

test('the longest reason and all items fit in one request', async () => {
  await using t = await inwardRegion()
  const sent = await t.prepare({
    query: {
      items: [...ITEM_CODES],
      userName: '薬師寺 美千代子',
      terminal: 'T'.repeat(64),
      purpose: 'BTG',
      breakGlass: { reason: '意'.repeat(200), since: NOON.getTime() / 1000, secondFactor: true },
    },
  })
  expect(sent.request.length).toBeLessThan(3_072)
  expect(sent.mandate.length).toBeLessThan(3_072)
  expect((await t.send(sent)).status).toBe(200)
})

test('a mandate may name fewer types than carry its items, and no other', async () => {
  await using t = await inwardRegion()
  t.ehr.holds = recordsOf(ITEM_CODES)
  const ask = async (types: string) => {
    const body = new URLSearchParams({
      'patient.identifier': `${t.ctx.patientSystem}|${LOCAL_ID}`,
      _type: types,
    }).toString()
    return t.send(await t.prepare({ query: { items: ['life-data'] }, body }))
  }
  const texts = await provenTexts(t, await ask('DocumentReference'))
  expect(texts.map((text) => JSON.parse(text).resourceType)).toEqual(['DocumentReference'])
  for (const wrong of [
    'Condition',
    '',
    'Observation,Condition',
    'Observation,DocumentReference,Observation',
  ]) {
    expect([wrong, (await ask(wrong)).status]).toEqual([wrong, 401])
  }
})
