import type { Random } from '../random.ts'
import type { Cause } from './causes.ts'
import type { Draft } from './draft.ts'

/** Spoils the draft for a cause; false where there was nothing to spoil. */
export type Spoiler = (draft: Draft, random: Random) => boolean

export type Spoilers = Partial<Record<Cause, Spoiler>>
