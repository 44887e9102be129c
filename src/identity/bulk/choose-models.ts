import type { Transaction } from '../../kernel/database.ts'
import {
  type Columns,
  columnsOfKind,
  estimateModel,
  GENERAL,
  type ModelFile,
  type Models,
} from '../linkage/index.ts'
import { deleteModels, findGivenKinds, findModels, putModel } from '../model-store.ts'

/** A model's file, or to forget those that were given before. */
export type AskedModel = ModelFile | 'built-in'

/** Enough to tell a chance of one in a million, and some seconds of work; `index estimate` takes more. */
const RANDOM_PAIRS = 1_000_000

/**
 * What everybody is linked by: residents by the model that the program comes with, general data by weights estimated
 * from themselves, since no two sets of columns are alike; either by a file where one was ever given.
 */
export async function chooseModels(
  tx: Transaction,
  columns: Columns,
  asked: AskedModel | undefined,
  at: Date,
): Promise<Models> {
  if (asked === 'built-in') await deleteModels(tx)
  else if (asked !== undefined) await putModel(tx, asked, { isGiven: true, at })
  const given = await findGivenKinds(tx)
  if (columns.hasGeneral && !given.includes('general')) {
    const some = columnsOfKind(columns, 'general', { isReal: true })
    const options = { name: 'general', randomPairs: RANDOM_PAIRS }
    if (some.count > 0) {
      const estimated = await estimateModel(some, GENERAL.file, options)
      await putModel(tx, estimated, { isGiven: false, at })
    }
  }
  return findModels(tx)
}
