import { createHash } from 'node:crypto'
import { z } from 'zod'
import { nationalIdOf, SYSTEMS } from '../../vocabulary/index.ts'
import type { Patient } from '../patient-schema.ts'
import { isMyNumber } from './my-number.ts'
import { isKeyedNationalId } from './national-id.ts'

const SEPARATORS = /[\s\-‐‑‒–—―−ー・./]/gu

/**
 * Numbers that are one person's own wherever they appear: national identifiers in their keyed form, and identifiers of
 * the type NI as `kind:digest`, the kind being a digest of the system. Those of two systems cannot be compared.
 */
export function ownKeysOf({ identifier = [] }: Patient): string[] {
  return identifier.flatMap((each) => {
    if (nationalIdOf(each.system) !== undefined) return isKeyedNationalId(each.value) ? [each.value] : []
    if (!isOwn(each) || each.system === undefined) return []
    const plain = plainNumber(each.value)
    return plain === '' ? [] : [`${digestOf(each.system)}:${digestOf(`${each.system}\0${plain}`)}`]
  })
}

const typeSchema = z.object({ coding: z.array(z.object({ system: z.string(), code: z.string() })) })

function isOwn({ type }: NonNullable<Patient['identifier']>[number]): boolean {
  if (type === undefined) return false
  const coding = typeSchema.safeParse(type).data?.coding ?? []
  return coding.some(({ system, code }) => system === SYSTEMS.identifierType && code === 'NI')
}

/** Whether a number of one's own is an Individual Number, whatever system it is said to belong to. */
export function isKeyOfMyNumber({ identifier = [] }: Patient): boolean {
  return identifier.some((each) => isOwn(each) && isMyNumber(plainNumber(each.value)))
}

/** Without what people put between digits. */
function plainNumber(value: string): string {
  return value.normalize('NFKC').replace(SEPARATORS, '').toUpperCase()
}

function digestOf(text: string): string {
  return createHash('sha256').update(text).digest('base64url').slice(0, 22)
}
