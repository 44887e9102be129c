import { z } from 'zod'
import { readJson } from '../http/index.ts'
import type { PersonNamed } from './read-query.ts'

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

/**
 * How the asker named the person: by a registration or handle, or by what the institution holds of them. `isByNumber`:
 * their own insured number was among it; whoever makes up a number searches by name alone.
 */
export function namingOf(person: PersonNamed, isByNumber: boolean): Naming {
  if (person.by === 'identifier') return { named: 'registration', isExact: true }
  const patient = patientSchema.safeParse(readJson(person.patientText)).data ?? {}
  const { name = [], gender, birthDate, address = [] } = patient
  const hasName = name.some(({ text = '', family = '' }) => text !== '' || family !== '')
  return {
    named: isByNumber ? 'with-insured-number' : 'name-alone',
    isExact: hasName && address.length > 0 && gender !== undefined && birthDate !== undefined,
  }
}
