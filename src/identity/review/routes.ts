import { type Context as Call, Hono } from 'hono'
import { z } from 'zod'
import { recordAudit } from '../../audit/index.ts'
import { readJson } from '../../http/index.ts'
import { BYTES_32 } from '../../kernel/base64url.ts'
import type { Context } from '../../kernel/context.ts'
import type { Transaction } from '../../kernel/database.ts'
import type { SignedEnv } from '../../registry/index.ts'
import { refuse } from '../../vocabulary/index.ts'
import type { PatientId } from '../patient-id.ts'
import { localIdSchema } from '../patient-schema.ts'
import { affectedDisclosures } from './affected-disclosures.ts'
import { type Clerk, type Decision, mergePersons, moveRegistration, splitPerson } from './decide-persons.ts'
import { findDecisionsAbout } from './decision-store.ts'
import { explainItem } from './explain-item.ts'
import { countWaiting, listWaiting } from './queue-store.ts'
import { readItem, showItem } from './read-item.ts'
import { claim, release, SETTLEMENTS, secondItem, settleItem } from './settle-item.ts'
import { askUndo, findUndoAsked } from './undo-decision.ts'

const ITEMS_MAX = 100
const DECISIONS_MAX = 100

const patient = localIdSchema
const reason = z.string().min(1).max(200)
const basis = z.string().regex(BYTES_32)
const candidates = z.array(z.string().regex(/^[1-9]\d{0,2}$/)).max(100)

const itemSchema = z.strictObject({ patient })
const settleSchema = z
  .strictObject({ patient, basis, decision: z.enum(SETTLEMENTS), candidates, reason })
  .refine(({ decision, candidates: named }) => decision !== 'same' || named.length > 0)
const secondSchema = z.strictObject({ patient, basis, isConfirmed: z.boolean() })
const splitSchema = z.strictObject({ patients: z.array(patient).min(1).max(12), reason })
const mergeSchema = z.strictObject({
  patients: z.tuple([patient], patient).refine((ids) => ids.length > 1),
  reason,
})
const moveSchema = z.strictObject({ patient, to: patient, reason })
const undoSchema = z.strictObject({ decision: z.int().min(1), reason })

const listSchema = z.strictObject({
  state: z.enum(['open', 'unsure', 'asked', 'second']).optional(),
  reason: z.string().max(20).optional(),
  limit: z.coerce.number().int().min(1).max(ITEMS_MAX).default(20),
})

/** The review queue of a region: what no rule may settle. For index clerks only, in requests that their region signed. */
export function reviewRoutes(context: Context) {
  const now = () => context.now()
  return new Hono<SignedEnv>()
    .get('/items', async (c) => {
      const { region } = clerkOf(c)
      const asked = queryOf(c, listSchema)
      return c.json({ items: await c.var.act((tx) => listWaiting(tx, region, asked)) })
    })
    .get('/counts', async (c) => {
      const { region } = clerkOf(c)
      queryOf(c, z.strictObject({}))
      return c.json({ counts: await c.var.act((tx) => countWaiting(tx, region, now())) })
    })
    .get('/item', async (c) => {
      const by = clerkOf(c)
      const id = { region: by.region, localId: queryOf(c, itemSchema).patient }
      const item = await c.var.act(async (tx) => {
        const read = await readItem(tx, id)
        const shown = showItem(read, await explainItem(tx, read), c.var.signed.registry, now())
        await recordReading(tx, id, by, now())
        return shown
      })
      return c.json(item)
    })
    .post('/claim', async (c) => {
      const { by, id } = itemOf(c, itemSchema)
      const until = await c.var.act((tx) => claim(tx, id, by, now()))
      return c.json({ until: until.toISOString() })
    })
    .post('/release', async (c) => {
      const { by, id } = itemOf(c, itemSchema)
      await c.var.act((tx) => release(tx, id, by, now()))
      return c.body(null, 204)
    })
    .post('/settle', async (c) => {
      const { by, id, body } = itemOf(c, settleSchema)
      const { state, decision } = await c.var.act((tx) => settleItem(tx, id, by, body, now()))
      return c.json({ state, decision: decision?.id ?? null }, state === 'second' ? 202 : 200)
    })
    .post('/second', async (c) => {
      const { by, id, body } = itemOf(c, secondSchema)
      const { state, decision } = await c.var.act((tx) => secondItem(tx, id, by, body, now()))
      return c.json({ state, decision: decision?.id ?? null })
    })
    .post('/split', async (c) => {
      const [by, { patients, reason: why }] = [clerkOf(c), bodyOf(c, splitSchema)]
      const ids = patients.map((localId) => ({ region: by.region, localId }))
      return decided(c, (tx) => splitPerson(tx, ids, { by, reason: why, at: now() }))
    })
    .post('/merge', async (c) => {
      const [by, { patients, reason: why }] = [clerkOf(c), bodyOf(c, mergeSchema)]
      const ids = patients.map((localId) => ({ region: by.region, localId })) as [PatientId, ...PatientId[]]
      return decided(c, (tx) => mergePersons(tx, ids, { by, reason: why, at: now() }))
    })
    .post('/move', async (c) => {
      const [by, { patient: localId, to, reason: why }] = [clerkOf(c), bodyOf(c, moveSchema)]
      const [moved, target] = [localId, to].map((each) => ({ region: by.region, localId: each })) as [
        PatientId,
        PatientId,
      ]
      return decided(c, (tx) => moveRegistration(tx, moved, target, { by, reason: why, at: now() }))
    })
    .post('/undo', async (c) => {
      const [by, { decision, reason: why }] = [clerkOf(c), bodyOf(c, undoSchema)]
      const undone = await c.var.act(async (tx) => {
        // Only what concerns the clerk's own region: a decision of others is as unknown as none.
        await affectedDisclosures(tx, decision, by.region)
        return askUndo(tx, decision, { by, reason: why, at: now() })
      })
      return undone === 'second'
        ? c.json({ state: 'second', decision: null }, 202)
        : c.json({ state: 'settled', decision: undone.id })
    })
    .get('/decisions', async (c) => {
      const { region } = clerkOf(c)
      const { patient: localId } = queryOf(c, itemSchema)
      const { rows, asked } = await c.var.act(async (tx) => {
        const found = await findDecisionsAbout(tx, { region, localId }, DECISIONS_MAX)
        return { rows: found, asked: await findUndoAsked(tx, found, now()) }
      })
      return c.json({
        decisions: rows.map(({ id, verb, region: by, clerk, reason: why, undoes, at }) => ({
          ...{ id, verb, undoes, at: at.toISOString(), undo: asked.includes(id) ? 'second' : null },
          // What another region's clerk wrote may speak of its residents.
          ...(by === region ? { clerk, reason: why } : { clerk: null, reason: null }),
        })),
      })
    })
    .get('/disclosures', async (c) => {
      const { region } = clerkOf(c)
      const { decision } = queryOf(c, z.strictObject({ decision: z.coerce.number().int().min(1) }))
      return c.json({ disclosures: await c.var.act((tx) => affectedDisclosures(tx, decision, region)) })
    })
}

/** Whoever holds the duty, by the word of the region that signed. */
function clerkOf(c: Call<SignedEnv>): Clerk {
  const { sub, duty } = c.var.signed.claims
  if (duty !== 'index-clerk' || sub === undefined) throw refuse('duty-required')
  return { region: c.var.caller.region, clerk: sub }
}

function itemOf<Schema extends z.ZodType<{ patient: string }>>(c: Call<SignedEnv>, schema: Schema) {
  const by = clerkOf(c)
  const body = bodyOf(c, schema)
  return { by, body, id: { region: by.region, localId: body.patient } }
}

async function decided(c: Call<SignedEnv>, work: (tx: Transaction) => Promise<Decision>): Promise<Response> {
  const { id } = await c.var.act(work)
  return c.json({ decision: id })
}

function bodyOf<Schema extends z.ZodType>(c: Call<SignedEnv>, schema: Schema): z.infer<Schema> {
  const read = schema.safeParse(readJson(c.get('body')))
  if (!read.success) throw refuse('resource-invalid', { at: String(read.error.issues[0]?.path[0] ?? '') })
  return read.data
}

/** Each parameter at most once, and no other. */
function queryOf<Schema extends z.ZodType>(c: Call<SignedEnv>, schema: Schema): z.infer<Schema> {
  const given = Object.entries(c.req.queries()).map(([name, values]) => [
    name,
    values.length === 1 ? values[0] : values,
  ])
  const read = schema.safeParse(Object.fromEntries(given))
  if (!read.success) throw refuse('parameter-unsupported')
  return read.data
}

async function recordReading(tx: Transaction, id: PatientId, by: Clerk, at: Date): Promise<void> {
  const { region, localId } = id
  await recordAudit(tx, {
    kind: 'review.read',
    at,
    detail: { region, patient: localId, by: { region: by.region, clerk: by.clerk } },
    about: [`registration:${region}|${localId}`],
  })
}
