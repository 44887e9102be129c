import { eq, inArray } from 'drizzle-orm'
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

/** What registrations are judged by: what everybody was last linked by. */
export async function findModels(db: Queryable): Promise<Models> {
  // By their kinds, which are all there are: only a statement with parameters is planned once instead of each time.
  const rows = await db
    .select({ kind: linkageModel.kind, id: linkageModel.id })
    .from(linkageModel)
    .where(inArray(linkageModel.kind, [...KINDS]))
  const models: Record<Kind, Model> = { ...MODELS }
  for (const { kind, id } of rows)
    models[kind] = known.get(id) ?? (await readStored(db, kind)) ?? MODELS[kind]
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
