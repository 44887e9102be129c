import { eq, type SQL, sql } from 'drizzle-orm'
import type { Queryable, Transaction } from '../kernel/database.ts'
import {
  KINDS,
  type Kind,
  MODELS,
  type Model,
  type ModelFile,
  type Models,
  readModel,
} from './linkage/index.ts'
import { linkageModel } from './model-tables.ts'

/** By id, which is a hash of all that a model says: reading one takes longer than a feed may. */
const known = new Map(Object.values(MODELS).map((model) => [model.id, model]))

/** The model of each kind, by its id; those of the program where there is none. */
export type ModelIds = Readonly<Partial<Record<Kind, string>>>

/** What everybody was last linked by, for a statement that reads registrations to judge them; null where nothing is kept. */
export const modelIds: SQL<ModelIds | null> = sql`(select json_object_agg(kind, id) from linkage_model)`

/** What registrations are judged by: what everybody was last linked by. */
export async function findModels(db: Queryable): Promise<Models> {
  // By their kinds, which are all there are: only a statement with parameters is planned once instead of each time.
  const rows = await db.execute<{ kind: Kind; id: string }>(
    sql`select kind, id from linkage_model where kind = any(${sql.param(KINDS)}::text[])`,
  )
  return modelsOf(db, Object.fromEntries(rows.map(({ kind, id }) => [kind, id])))
}

export async function modelsOf(db: Queryable, ids: ModelIds): Promise<Models> {
  const models: Record<Kind, Model> = { ...MODELS }
  for (const kind of KINDS) {
    const id = ids[kind]
    if (id !== undefined) models[kind] = known.get(id) ?? (await readStored(db, kind)) ?? MODELS[kind]
  }
  return models
}

async function readStored(db: Queryable, kind: Kind): Promise<Model | undefined> {
  const [row] = await db.select().from(linkageModel).where(eq(linkageModel.kind, kind))
  if (row === undefined) return undefined
  const model = readModel(row.file)
  known.set(model.id, model)
  return model
}

/** The kinds whose model an operator has given. */
export async function findGivenKinds(db: Queryable): Promise<Kind[]> {
  const rows = await db
    .select({ kind: linkageModel.kind })
    .from(linkageModel)
    .where(eq(linkageModel.isGiven, true))
  return rows.map(({ kind }) => kind)
}

export async function putModel(
  tx: Transaction,
  file: ModelFile,
  { isGiven, at }: { isGiven: boolean; at: Date },
): Promise<Model> {
  const model = readModel(file)
  const row = { kind: file.kind, id: model.id, file, isGiven, at }
  await tx.insert(linkageModel).values(row).onConflictDoUpdate({ target: linkageModel.kind, set: row })
  return model
}

/** Back to what the program comes with. */
export async function deleteModels(tx: Transaction): Promise<void> {
  await tx.delete(linkageModel)
}
