import type postgres from 'postgres'
import { must } from './must.ts'

/** Object identifiers of arrays, which are the same in every PostgreSQL (its pg_type.dat). */
const NUMBERS = { smallint: 1005, integer: 1007 }
const TEXTS = { text: 1009, bigint: 1016, regclass: 2210 }

/**
 * The types of arrays that statements here give and take, for postgres.js's option `types`; elements of `TEXTS` stay
 * strings. Left to itself it asks each server for all of them on its first connection, and being cut off before the
 * answer leaves a rejection that nobody handles, which ends the process.
 */
export const arrayTypes: Record<string, postgres.PostgresType> = Object.fromEntries([
  ...Object.entries(NUMBERS).map(([name, id]) => [name, arrayType(id, Number)]),
  ...Object.entries(TEXTS).map(([name, id]) => [name, arrayType(id, String)]),
])

function arrayType<T>(id: number, element: (text: string) => T): postgres.PostgresType {
  const parse = (literal: string) => elementsOf(literal).map((text) => (text === null ? null : element(text)))
  return { to: id, from: [id], serialize: arrayLiteral, parse }
}

/** PostgreSQL's text for a flat array (its manual, 8.15.6); what is text already passes, as drizzle's columns send it. */
function arrayLiteral(value: readonly unknown[] | string): string {
  if (typeof value === 'string') return value
  const elements = value.map((each) => {
    must(each !== undefined, 'an element of an array is a value or null')
    return each === null ? 'NULL' : `"${String(each).replace(/["\\]/g, '\\$&')}"`
  })
  return `{${elements.join(',')}}`
}

function elementsOf(literal: string): (string | null)[] {
  const elements = literal.slice(1, -1).matchAll(/"((?:[^"\\]|\\.)*)"|[^,]+/gs)
  return [...elements].map(([bare, quoted]) => {
    if (quoted !== undefined) return quoted.replace(/\\(.)/gs, '$1')
    return bare === 'NULL' ? null : bare
  })
}
