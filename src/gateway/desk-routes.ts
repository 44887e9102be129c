import { type Context as Call, Hono } from 'hono'
import { z } from 'zod'
import { BATCH_BYTES_MAX, deskFormSchema, placeOf } from '../consent/index.ts'
import { readBytes, readJson } from '../http/index.ts'
import { refuse } from '../vocabulary/index.ts'
import type { GatewayContext } from './context.ts'
import { type DeskEntry, waitingEntries } from './desk-store.ts'
import { enterBatch } from './enter-batch.ts'
import { checkForm, enterForm } from './enter-form.ts'
import { asOffice, type LocalEnv } from './require-login.ts'
import { unconfirmedRefusals } from './unconfirmed-refusals.ts'

const BODY_BYTES_MAX = 16 * 1024

const checkSchema = z.strictObject({ receipt: z.string().max(40), isRight: z.boolean() })

/** The council's desk: papers and telephone calls, one by one or as a file, and the second look. */
export function deskRoutes(ctx: GatewayContext) {
  return new Hono<LocalEnv>()
    .post('/forms', async (c) => {
      const login = asOffice(c.get('login'), 'desk')
      return c.json(await enterForm(ctx, login, await read(c, deskFormSchema)))
    })
    .post('/checks', async (c) => {
      const login = asOffice(c.get('login'), 'desk')
      return c.json(await checkForm(ctx, login, await read(c, checkSchema)))
    })
    .get('/checks', async (c) => {
      asOffice(c.get('login'), 'desk')
      const waiting = await waitingEntries(ctx.db)
      return c.json(await Promise.all(waiting.map((entry) => waitingOf(ctx, entry))))
    })
    .post('/batches', async (c) => {
      const login = asOffice(c.get('login'), 'desk')
      return c.json(await enterBatch(ctx, login, await readBytes(c, BATCH_BYTES_MAX)))
    })
}

/** An entry that waits, with what of it somebody should look at all the same. */
async function waitingOf(ctx: GatewayContext, { receipt, form, enteredBy, enteredAt }: DeskEntry) {
  const faults = await unconfirmedRefusals(ctx, form)
  return { receipt, form, enteredBy, enteredAt, ...(faults.length === 0 ? {} : { faults }) }
}

async function read<Schema extends z.ZodType>(c: Call<LocalEnv>, schema: Schema): Promise<z.infer<Schema>> {
  const text = (await readBytes(c, BODY_BYTES_MAX)).toString('utf8')
  const parsed = schema.safeParse(readJson(text))
  if (!parsed.success) throw refuse('desk-form-invalid', { at: placeOf('entry', parsed.error) })
  return parsed.data
}
