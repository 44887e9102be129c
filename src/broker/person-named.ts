import { z } from 'zod'
import { readJson } from '../http/index.ts'
import type { HandleWon } from '../identity/index.ts'

const patientSchema = z.looseObject({
  name: z.array(z.looseObject({ text: z.string().optional(), family: z.string().optional() })).optional(),
  gender: z.enum(['male', 'female', 'other']).optional(),
  birthDate: z.iso.date().optional(),
  address: z.array(z.looseObject({})).optional(),
})

export interface Naming {
  named: 'registration' | 'with-insured-number' | 'name-alone'
  /** Whether name, sex, birth date and address say who it is (the four of the national emergency service). */
  isExact: boolean
}

/** How a person is named by what an institution holds of them, however it turns out whether the number is theirs. */
export function wonBy(patientText: string, isByNumber: boolean): HandleWon {
  const patient = patientSchema.safeParse(readJson(patientText)).data ?? {}
  const { name = [], gender, birthDate, address = [] } = patient
  const hasName = name.some(({ text = '', family = '' }) => text !== '' || family !== '')
  return {
    // Whoever makes up a number searches by name alone.
    named: isByNumber ? 'with-insured-number' : 'name-alone',
    isExact: hasName && address.length > 0 && gender !== undefined && birthDate !== undefined,
  }
}

/**
 * How the asker named the person. `won`: how they are described now, or were when the handle was won; undefined by
 * their own registration. A handle counts as one while a visit is on record; for whoever has none, a first visit or
 * an emergency, it is worth what it was won by.
 */
export function namingOf(won: HandleWon | undefined, isHandle: boolean, visited: boolean): Naming {
  if (won === undefined) return { named: 'registration', isExact: true }
  return isHandle && visited ? { ...won, named: 'registration' } : won
}
