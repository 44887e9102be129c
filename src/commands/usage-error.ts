import type { z } from 'zod'
import type { Sentence } from '../kernel/hub-error.ts'
import { present } from '../kernel/must.ts'
import { machineFaultOf } from './machine-fault.ts'

/** The caller's words are wrong: an argument, an option, a file they name. */
export class UsageError extends Error {
  override readonly name = 'UsageError'
}

/** An argument as it is written on the command line, and what it takes. */
export type Argument = Sentence & { name: string }

/** What the words mean. Throws UsageError with every one that is wrong. */
export function readArguments<Schema extends z.ZodObject>(
  schema: Schema,
  given: object,
  words: Partial<Record<string, Argument>>,
): z.infer<Schema> {
  const parsed = schema.safeParse(given)
  if (parsed.success) return parsed.data
  const wrong = new Set(parsed.error.issues.map(({ path }) => String(path[0])))
  const faults = [...wrong].map((key) => {
    const { name, ja, en } = present(words[key], 'an argument that can be wrong has its words')
    return `  ${name}: ${ja} ${en}`
  })
  throw new UsageError(`引数に誤りがあります。 The arguments have faults:\n${faults.join('\n')}`)
}

/** Works with a file that the caller named. Throws UsageError where there is none, or none for us. */
export async function withNamedFile<T>(work: () => T | Promise<T>, file?: string): Promise<T> {
  try {
    return await work()
  } catch (cause) {
    const fault = machineFaultOf(cause, file)
    throw fault === undefined ? cause : new UsageError(fault, { cause })
  }
}
