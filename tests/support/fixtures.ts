import { readdirSync, readFileSync } from 'node:fs'
import type { z } from 'zod'

const FIXTURES = new URL('../../fixtures/', import.meta.url)

/** The cases of a folder, one a file. A file which is not a case of the schema fails the whole folder. */
export function fixtures<Schema extends z.ZodType>(
  folder: string,
  schema: Schema,
  base = FIXTURES,
): z.output<Schema>[] {
  const place = new URL(`${folder}/`, base)
  const names = readdirSync(place)
    .filter((name) => name.endsWith('.json'))
    .sort()
  if (names.length === 0) throw new Error(`fixtures/${folder} holds no case.`)
  return names.map((name) => {
    const read = schema.safeParse(JSON.parse(readFileSync(new URL(name, place), 'utf8')))
    if (!read.success) throw new Error(`fixtures/${folder}/${name} is not a case: ${read.error.message}`)
    return read.data
  })
}
