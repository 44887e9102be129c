import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import type { Caller } from '../../src/http/index.ts'
import { findPerson, issueHandle, personOfHandle } from '../../src/identity/index.ts'
import {
  type Deciding,
  keepApart,
  mergePersons,
  moveRegistration,
  splitPerson,
  undoDecision,
} from '../../src/identity/review/index.ts'
import { declaredPair, linkDecision, linkDecisionPair } from '../../src/identity/review-tables.ts'
import { possibleLink } from '../../src/identity/tables.ts'
import type { Transaction } from '../../src/kernel/database.ts'
import { HubError } from '../../src/kernel/hub-error.ts'
import { present } from '../../src/kernel/must.ts'
import { readEpochs } from '../../src/registry/index.ts'
import { NOON } from '../support/test-context.ts'
import { MINATO, SAGAMINO, SHIOKAZE, testIndex } from './index-app.ts'
import type { ResidentRecord } from './resident.ts'

type Index = Awaited<ReturnType<typeof testIndex>>

const BY: Deciding = { by: { region: 'minato', clerk: 'clerk-1' }, reason: '電話で確認', at: NOON }
const WITH_SECOND: Deciding = { ...BY, second: { region: 'minato', clerk: 'clerk-2' } }

/** Somebody whom no rule joins with the sample resident, and no veto keeps apart. */
const UNLIKE: ResidentRecord = {
  ...{ insured: null, address: '神奈川県汐凪市白砂5丁目6番7号', postalCode: '259-9911', phone: null },
}
const ANOTHER: ResidentRecord = {
  ...UNLIKE,
  given: '太郎',
  givenKana: 'タロウ',
  gender: 'male',
  birthDate: '1990-08-09',
}

const id = ({ region }: Caller, localId: string) => ({ region, localId })
const M1 = id(MINATO, 'M-1')
const S1 = id(SAGAMINO, 'S-1')
const K1 = id(SHIOKAZE, 'K-1')

const act = <T>(t: Index, change: (tx: Transaction) => Promise<T>): Promise<T> =>
  t.context.db.transaction(change)

async function refusalOf(work: Promise<unknown>): Promise<string> {
  const error = await work.then(
    () => undefined,
    (each: unknown) => each,
  )
  if (!(error instanceof HubError)) throw error ?? new Error('Nothing was refused.')
  return error.code
}

/** The acceptance list that SanteDB publishes for master data management, in the words of this index. */
describe('the ten acceptance cases', () => {
  test('1 a registration like no other is a person of its own', async () => {
    await using t = await testIndex()
    await t.put(MINATO, 'M-1')
    await t.put(SAGAMINO, 'S-1', ANOTHER)
    expect(await t.persons()).toEqual([['minato M-1'], ['sagamino S-1']])
  })

  test('2 one that matches joins the person', async () => {
    await using t = await testIndex()
    await t.put(MINATO, 'M-1')
    await t.put(SAGAMINO, 'S-1')
    expect(await t.persons()).toEqual([['minato M-1', 'sagamino S-1']])
  })

  test('3 one that is suspected waits for a person, unlinked', async () => {
    await using t = await testIndex()
    await t.put(MINATO, 'M-1')
    await t.put(SAGAMINO, 'S-1', { gender: 'male' })
    expect(await t.persons()).toEqual([['minato M-1'], ['sagamino S-1']])
    expect(await t.context.db.select().from(possibleLink)).toHaveLength(1)
  })

  test('4 an update that matches as before leaves the person as it was', async () => {
    await using t = await testIndex()
    await t.put(MINATO, 'M-1')
    await t.put(SAGAMINO, 'S-1')
    const before = await t.personOf(SAGAMINO, 'S-1')
    await t.put(SAGAMINO, 'S-1', { phone: null })
    expect(await t.personOf(SAGAMINO, 'S-1')).toBe(before)
  })

  test('5 an update turns a suspicion into a match', async () => {
    await using t = await testIndex()
    await t.put(MINATO, 'M-1')
    await t.put(SAGAMINO, 'S-1', { gender: 'male' })
    await t.put(SAGAMINO, 'S-1')
    expect(await t.persons()).toEqual([['minato M-1', 'sagamino S-1']])
    expect(await t.context.db.select().from(possibleLink)).toEqual([])
  })

  test('6 an update that matches no longer leaves the person', async () => {
    await using t = await testIndex()
    await t.put(MINATO, 'M-1')
    await t.put(SAGAMINO, 'S-1')
    await t.put(SAGAMINO, 'S-1', { birthDate: '1961-02-08' })
    expect(await t.persons()).toEqual([['minato M-1'], ['sagamino S-1']])
  })

  test('7 a link that a person made stays, whatever the registrations say later', async () => {
    await using t = await testIndex()
    await t.put(MINATO, 'M-1')
    await t.put(SAGAMINO, 'S-1', UNLIKE)
    await act(t, (tx) => mergePersons(tx, [M1, S1], BY))
    expect(await t.persons()).toEqual([['minato M-1', 'sagamino S-1']])
    await t.put(SAGAMINO, 'S-1', { ...UNLIKE, birthDate: '1961-02-08' })
    await t.put(MINATO, 'M-1', { birthDate: '1961-03-04' })
    expect(await t.persons()).toEqual([['minato M-1', 'sagamino S-1']])
  })

  test('8 a suspicion that a person dismissed does not come back', async () => {
    await using t = await testIndex()
    await t.put(MINATO, 'M-1')
    await t.put(SAGAMINO, 'S-1', { gender: 'male' })
    await act(t, (tx) => keepApart(tx, M1, [S1], BY))
    await t.put(SAGAMINO, 'S-1', { gender: 'male', phone: null })
    await t.put(MINATO, 'M-1', { phone: null })
    expect(await t.context.db.select().from(possibleLink)).toEqual([])
    expect(await t.persons()).toEqual([['minato M-1'], ['sagamino S-1']])
  })

  test('9 whom a person took apart stays apart, even when the registrations become identical', async () => {
    await using t = await testIndex()
    await t.put(MINATO, 'M-1')
    await t.put(SAGAMINO, 'S-1')
    await act(t, (tx) => splitPerson(tx, [S1], BY))
    expect(await t.persons()).toEqual([['minato M-1'], ['sagamino S-1']])
    await t.put(SAGAMINO, 'S-1', { phone: null })
    await t.put(SAGAMINO, 'S-1')
    await t.put(MINATO, 'M-1', { phone: null })
    await t.put(MINATO, 'M-1')
    expect(await t.persons()).toEqual([['minato M-1'], ['sagamino S-1']])
    await t.put(SHIOKAZE, 'K-1')
    const joined = (await t.persons()).filter((refs) => refs.includes('minato M-1'))
    expect(joined[0]).not.toContain('sagamino S-1')
  })

  test('10 who is sensitive in one region is so in all, also by a person’s decision', async () => {
    await using t = await testIndex()
    const security = [{ system: 'https://tsunagi.example/CodeSystem/protection', code: 'support-measures' }]
    await t.put(MINATO, 'M-1')
    await t.put(SAGAMINO, 'S-1', UNLIKE, { meta: { security } })
    await act(t, (tx) => mergePersons(tx, [M1, S1], BY))
    const person = present(await findPerson(t.context.db, M1), 'linked')
    expect(person.registrations.map((each) => each.protected)).toEqual([true, true])
  })
})

test('a merge joins everybody of both persons, a split parts them, an undo restores what was', async () => {
  let seconds = 0
  await using t = await testIndex({ now: () => new Date(NOON.getTime() - 60_000 + 1_000 * seconds++) })
  await t.put(MINATO, 'M-1')
  await t.put(SAGAMINO, 'S-1')
  await t.put(SHIOKAZE, 'K-1', UNLIKE)
  const [older] = [await t.personOf(MINATO, 'M-1')]
  const merged = await act(t, (tx) => mergePersons(tx, [K1, M1], WITH_SECOND))
  expect(await t.persons()).toEqual([['minato M-1', 'sagamino S-1', 'shiokaze K-1']])
  expect(await t.personOf(SHIOKAZE, 'K-1')).toBe(older)
  const split = await act(t, (tx) => splitPerson(tx, [S1, K1], BY))
  expect(await t.persons()).toEqual([['minato M-1'], ['sagamino S-1', 'shiokaze K-1']])
  expect(await refusalOf(act(t, (tx) => undoDecision(tx, merged.id, BY)))).toBe('decision-superseded')
  const undone = await act(t, (tx) => undoDecision(tx, split.id, WITH_SECOND))
  expect(await t.persons()).toEqual([['minato M-1', 'sagamino S-1', 'shiokaze K-1']])
  await act(t, (tx) => undoDecision(tx, undone.id, WITH_SECOND))
  expect(await t.persons()).toEqual([['minato M-1'], ['sagamino S-1', 'shiokaze K-1']])
  expect(await t.audited('link.decided')).toMatchObject([
    { verb: 'merge', clerk: 'clerk-1', second: { clerk: 'clerk-2' }, reason: '電話で確認' },
    { verb: 'split', second: null },
    { verb: 'undo', undoes: split.id },
    { verb: 'undo', undoes: undone.id },
  ])
})

test('a move takes a registration from one person to another, and holds', async () => {
  await using t = await testIndex()
  await t.put(MINATO, 'M-1')
  await t.put(SAGAMINO, 'S-1')
  await t.put(SHIOKAZE, 'K-1', ANOTHER)
  expect(await refusalOf(act(t, (tx) => moveRegistration(tx, S1, K1, BY)))).toBe('second-person-required')
  await act(t, (tx) => moveRegistration(tx, S1, K1, WITH_SECOND))
  expect(await t.persons()).toEqual([['minato M-1'], ['sagamino S-1', 'shiokaze K-1']])
  await t.put(SAGAMINO, 'S-1', { phone: null })
  expect(await t.persons()).toEqual([['minato M-1'], ['sagamino S-1', 'shiokaze K-1']])
})

test('every change raises the person’s epoch; handles end where a person came apart', async () => {
  await using t = await testIndex()
  const { db } = t.context
  await t.put(MINATO, 'M-1')
  await t.put(SAGAMINO, 'S-1')
  const person = present(await t.personOf(MINATO, 'M-1'), 'linked')
  const epoch = async () => [...(await readEpochs(db, [`person:${person}`])).values()][0] ?? 0
  const holder = { region: 'shiokaze', institution: '1410000003', at: NOON }
  const expiresAt = new Date(NOON.getTime() + 1_000)
  const handle = await act(t, (tx) =>
    issueHandle(tx, { named: 'with-insured-number', isExact: true, ...holder, personId: person, expiresAt }),
  )
  const before = await epoch()
  const { id: split, persons } = await act(t, (tx) => splitPerson(tx, [S1], BY))
  expect(persons).toContain(person)
  const between = await epoch()
  expect(between).toBeGreaterThan(before)
  expect(await personOfHandle(db, handle, holder)).toBeUndefined()
  await act(t, (tx) => undoDecision(tx, split, BY))
  expect(await epoch()).toBeGreaterThan(between)
})

describe('refused', () => {
  test('a merge against an earlier decision, also through a third; the clerk outranks the rules', async () => {
    await using t = await testIndex()
    await t.put(MINATO, 'M-1', { ...UNLIKE, insured: null })
    await t.put(SAGAMINO, 'S-1', { ...UNLIKE, family: '佐藤', familyKana: 'サトウ' })
    await t.put(SHIOKAZE, 'K-1', { ...UNLIKE, family: '鈴木', familyKana: 'スズキ' })
    await act(t, (tx) => keepApart(tx, M1, [K1], BY))
    await act(t, (tx) => mergePersons(tx, [M1, S1], WITH_SECOND))
    expect(await refusalOf(act(t, (tx) => mergePersons(tx, [S1, K1], WITH_SECOND)))).toBe(
      'decision-contradicts',
    )
    expect((await t.persons()).map((refs) => refs.length).sort()).toEqual([1, 2])
  })

  test('a merge of three, or over a veto, by one clerk alone', async () => {
    await using t = await testIndex()
    await t.put(MINATO, 'M-1')
    await t.put(SAGAMINO, 'S-1', { gender: 'male' })
    expect(await refusalOf(act(t, (tx) => mergePersons(tx, [M1, S1], BY)))).toBe('second-person-required')
    const alone = { ...BY, second: BY.by }
    expect(await refusalOf(act(t, (tx) => mergePersons(tx, [M1, S1], alone)))).toBe('second-person-required')
    await act(t, (tx) => mergePersons(tx, [M1, S1], WITH_SECOND))
    await t.put(SHIOKAZE, 'K-1', UNLIKE)
    expect(await refusalOf(act(t, (tx) => mergePersons(tx, [K1, M1], BY)))).toBe('second-person-required')
  })

  test('what is unknown, or would change nothing', async () => {
    await using t = await testIndex()
    await t.put(MINATO, 'M-1')
    await t.put(SAGAMINO, 'S-1')
    expect(await refusalOf(act(t, (tx) => mergePersons(tx, [M1, K1], BY)))).toBe('patient-unknown')
    expect(await refusalOf(act(t, (tx) => mergePersons(tx, [M1, S1], BY)))).toBe('decision-void')
    expect(await refusalOf(act(t, (tx) => splitPerson(tx, [M1, S1], BY)))).toBe('decision-void')
    expect(await refusalOf(act(t, (tx) => undoDecision(tx, 99, BY)))).toBe('decision-unknown')
  })
})

describe('an undo', () => {
  /** Three strangers whom two clerks of minato joined, against what any rule says. */
  async function joined() {
    const t = await testIndex()
    await t.put(MINATO, 'M-1', { ...UNLIKE, birthDate: '1961-02-10' })
    await t.put(SAGAMINO, 'S-1', { ...UNLIKE, birthDate: '1961-02-11' })
    await t.put(SHIOKAZE, 'K-1', { ...UNLIKE, birthDate: '1961-02-12' })
    const { id: merged } = await act(t, (tx) => mergePersons(tx, [M1, S1, K1], WITH_SECOND))
    return { t, merged }
  }
  const as = (region: string): Deciding => ({ ...BY, by: { region, clerk: 'clerk-7' } })

  test('of what took two takes two, and so does undoing that', async () => {
    const { t, merged } = await joined()
    await using _ = t
    expect(await refusalOf(act(t, (tx) => undoDecision(tx, merged, BY)))).toBe('second-person-required')
    const { id: undone } = await act(t, (tx) => undoDecision(tx, merged, WITH_SECOND))
    expect(await t.persons()).toHaveLength(3)
    expect(await refusalOf(act(t, (tx) => undoDecision(tx, undone, BY)))).toBe('second-person-required')
    expect(await t.persons()).toHaveLength(3)
  })

  test('of a split takes two where joining them again would', async () => {
    const { t } = await joined()
    await using _ = t
    const { id: parted } = await act(t, (tx) => splitPerson(tx, [K1], BY))
    expect(await refusalOf(act(t, (tx) => undoDecision(tx, parted, BY)))).toBe('second-person-required')
    await act(t, (tx) => undoDecision(tx, parted, WITH_SECOND))
    expect(await t.persons()).toHaveLength(1)
  })

  test('is not of what was decided about whoever had the id before, whatever was decided and undone since', async () => {
    const clock = { now: NOON }
    await using t = await testIndex({ now: () => clock.now })
    await t.put(MINATO, 'M-1')
    await t.put(SAGAMINO, 'S-1')
    const { id: before } = await act(t, (tx) => splitPerson(tx, [S1], BY))
    await t.remove(SAGAMINO, 'S-1')
    clock.now = new Date(NOON.getTime() + 60_000)
    await t.put(SAGAMINO, 'S-1')
    const later = { ...BY, at: clock.now }
    const { id: since } = await act(t, (tx) => splitPerson(tx, [S1], later))
    await act(t, (tx) => undoDecision(tx, since, later))
    expect(await refusalOf(act(t, (tx) => undoDecision(tx, before, later)))).toBe('decision-superseded')
  })

  test('is for the regions that decided; another may only part its own', async () => {
    const { t, merged } = await joined()
    await using _ = t
    const foreign = { ...as('shiokaze'), second: { region: 'sagamino', clerk: 'clerk-8' } }
    expect(await refusalOf(act(t, (tx) => undoDecision(tx, merged, foreign)))).toBe('decision-of-others')
    const mixed = { ...BY, second: { region: 'shiokaze', clerk: 'clerk-8' } }
    expect(await refusalOf(act(t, (tx) => undoDecision(tx, merged, mixed)))).toBe('decision-of-others')
    await act(t, (tx) => splitPerson(tx, [K1], as('shiokaze')))
    expect(await t.persons()).toEqual([['minato M-1', 'sagamino S-1'], ['shiokaze K-1']])
  })
})

test('an undo that would contradict what was decided since is refused', async () => {
  await using t = await testIndex()
  const fed = [[MINATO, 'M-1'] as const, [SAGAMINO, 'S-1'] as const, [SHIOKAZE, 'K-1'] as const]
  for (const [at, [caller, localId]] of fed.entries()) {
    await t.put(caller, localId, { ...UNLIKE, birthDate: `1961-02-1${at}` })
  }
  const { id: joined } = await act(t, (tx) => mergePersons(tx, [M1, K1], WITH_SECOND))
  const { id: parted } = await act(t, (tx) => splitPerson(tx, [K1], BY))
  await act(t, (tx) => mergePersons(tx, [M1, S1], WITH_SECOND))
  const { id: other } = await act(t, (tx) => keepApart(tx, K1, [S1], BY))
  expect(await refusalOf(act(t, (tx) => undoDecision(tx, joined, BY)))).toBe('decision-superseded')
  expect(await refusalOf(act(t, (tx) => undoDecision(tx, parted, WITH_SECOND)))).toBe('decision-contradicts')
  const { id: back } = await act(t, (tx) => undoDecision(tx, other, BY))
  await act(t, (tx) => undoDecision(tx, parted, WITH_SECOND))
  expect(await t.persons()).toHaveLength(1)
  expect(await refusalOf(act(t, (tx) => undoDecision(tx, other, BY)))).toBe('decision-superseded')
  expect(await refusalOf(act(t, (tx) => undoDecision(tx, back, BY)))).toBe('decision-contradicts')
  await act(t, (tx) => undoDecision(tx, joined, WITH_SECOND))
  expect((await t.persons()).map((refs) => refs.length).sort()).toEqual([1, 2])
})

test('a decision ends with the registration, whose id may become somebody else’s', async () => {
  await using t = await testIndex()
  await t.put(MINATO, 'M-1')
  await t.put(SAGAMINO, 'S-1')
  const { id: split } = await act(t, (tx) => splitPerson(tx, [S1], BY))
  await t.remove(SAGAMINO, 'S-1')
  expect(await t.context.db.select().from(declaredPair)).toEqual([])
  await t.put(SAGAMINO, 'S-1')
  expect(await t.persons()).toEqual([['minato M-1', 'sagamino S-1']])
  expect(await refusalOf(act(t, (tx) => undoDecision(tx, split, BY)))).toBe('decision-superseded')
})

test('decisions can be neither changed nor deleted', async () => {
  await using t = await testIndex()
  await expect(t.context.db.delete(linkDecision)).rejects.toThrow()
  await expect(t.context.db.update(linkDecisionPair).set({ after: null })).rejects.toThrow()
})

test('after any sequence of decisions the persons are those that replaying them gives', async () => {
  await using t = await testIndex()
  const people = [M1, S1, K1, id(MINATO, 'M-2')]
  const families = ['青木', '馬場', '千葉', '土井']
  const callers = { minato: MINATO, sagamino: SAGAMINO, shiokaze: SHIOKAZE }
  for (const [at, { region, localId }] of people.entries()) {
    const birthDate = `19${60 + at}-05-06`
    await t.put(callers[region as 'minato'], localId, { ...UNLIKE, family: families[at] ?? null, birthDate })
  }
  const anyPerson = fc.constantFrom(...people)
  const anyStep = fc.oneof(
    fc.record({
      verb: fc.constantFrom('merge' as const, 'split' as const, 'move' as const),
      a: anyPerson,
      b: anyPerson,
    }),
    fc.record({ verb: fc.constant('undo' as const), back: fc.integer({ min: 0, max: 3 }) }),
  )
  await fc.assert(
    fc.asyncProperty(fc.array(anyStep, { minLength: 20, maxLength: 25 }), async (steps) => {
      for (const step of steps) {
        const decisions = await t.context.db.select().from(linkDecision)
        const last = Math.max(0, ...decisions.map((each) => each.id))
        await act(t, async (tx) => {
          if (step.verb === 'undo') return undoDecision(tx, last - step.back, WITH_SECOND)
          if (step.verb === 'merge') return mergePersons(tx, [step.a, step.b], WITH_SECOND)
          if (step.verb === 'move') return moveRegistration(tx, step.a, step.b, WITH_SECOND)
          return splitPerson(tx, [step.a], WITH_SECOND)
        }).catch((error: unknown) => {
          if (!(error instanceof HubError)) throw error
        })
      }
      expect(await t.persons()).toEqual(await replayed(t))
    }),
    { numRuns: 5 },
  )
}, 120_000)

/** Who is one person by the record of decisions alone, since no rule joins these. */
async function replayed(t: Index): Promise<string[][]> {
  const said = new Map<string, 'same' | 'different' | null>()
  const rows = await t.context.db.select().from(linkDecisionPair).orderBy(linkDecisionPair.decision)
  for (const row of rows) {
    said.set(`${row.regionA} ${row.localIdA}\n${row.regionB} ${row.localIdB}`, row.after)
  }
  const refs = ['minato M-1', 'minato M-2', 'sagamino S-1', 'shiokaze K-1']
  const groups = new Map(refs.map((ref) => [ref, new Set([ref])]))
  for (const [pair, what] of said) {
    const [a = '', b = ''] = pair.split('\n')
    if (what !== 'same') continue
    const joined = new Set([...present(groups.get(a), a), ...present(groups.get(b), b)])
    for (const ref of joined) groups.set(ref, joined)
  }
  return [...new Set(groups.values())].map((group) => [...group].sort()).sort()
}
