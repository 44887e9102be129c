import generalFile from './general-model.json' with { type: 'json' }
import { readModel } from './model.ts'
import residentsFile from './residents-model.json' with { type: 'json' }

/** The model by which residents are linked. */
export const RESIDENTS = readModel(residentsFile)
export const MODEL_ID = RESIDENTS.id

/** Where to start from with data of another kind: its weights are guesses until they are estimated. */
export const GENERAL = readModel(generalFile)
