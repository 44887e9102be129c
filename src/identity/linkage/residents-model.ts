import file from './model.json' with { type: 'json' }
import { readModel } from './model.ts'

/** The model by which residents are linked. */
export const RESIDENTS = readModel(file)
export const MODEL_ID = RESIDENTS.id
