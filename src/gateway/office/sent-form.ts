import { statusOf } from '../../http/index.ts'
import { HubError, type Sentence } from '../../kernel/hub-error.ts'
import type { Field } from '../../pages/index.ts'
import { refuse } from '../../vocabulary/index.ts'

const FIELDS_MAX = 100

/** What a page's form carried, as it was typed. */
export type Sent = ReadonlyMap<string, readonly string[]>

/** What is wrong with a form: by the names of its fields, and what is no field's own. */
export interface Faults {
  fields: ReadonlyMap<string, Sentence>
  general?: Sentence
}

/** What somebody typed into a form, and what is wrong with it; of one not sent yet, nothing. */
export interface Typed extends Faults {
  sent: Sent
}

export const NOTHING_TYPED: Typed = { sent: new Map(), fields: new Map() }

export function readSent(body: string): Sent {
  const fields = [...new URLSearchParams(body)]
  if (fields.length > FIELDS_MAX) throw refuse('parameter-unsupported')
  const grouped = Map.groupBy(fields, ([name]) => name)
  return new Map([...grouped].map(([name, pairs]) => [name, pairs.map(([, value]) => value)]))
}

/** Throws `parameter-unsupported` for a name that the form has not, or one that stands twice and may not. */
export function checkNames(sent: Sent, fields: readonly Field[], others: readonly string[] = []): void {
  const several = fields.filter(({ kind }) => kind === 'checkboxes').map(({ name }) => name)
  const known = [...fields.map(({ name }) => name), ...others, 'session']
  for (const [name, values] of sent) {
    if (!known.includes(name) || (values.length > 1 && !several.includes(name)))
      throw refuse('parameter-unsupported')
  }
}

/** What stands in a field; undefined where nothing but space does. */
export function said(sent: Sent, name: string): string | undefined {
  return sent.get(name)?.[0]?.trim() || undefined
}

/** How a field shows what was typed into it, or what it begins with, and what is wrong there. */
export function typedIn({ sent, fields }: Typed, name: string, initial?: string) {
  const values = sent.size === 0 && initial !== undefined ? [initial] : (sent.get(name) ?? [])
  return { name, values, fault: fields.get(name) }
}

/** A field, and what to say there where the refusal's own sentence says too little. */
type Place = string | { name: string; text: Sentence }

/**
 * What a verb refused, at the field by which it is mended, as `places` tell by code or place; so that the form comes
 * back with everything typed into it, also where nobody can be reached just now. Throws on whatever else went wrong.
 */
export function refusedAt(
  error: unknown,
  places: Readonly<Record<string, Place>>,
): Faults & { status: ReturnType<typeof statusOf> } {
  if (!(error instanceof HubError) || error.kind === 'unauthenticated') throw error
  const status = statusOf(error)
  const place = places[error.at ?? ''] ?? places[error.code]
  if (place === undefined) return { fields: new Map(), general: error.text, status }
  const { name, text } = typeof place === 'string' ? { name: place, text: error.text } : place
  return { fields: new Map([[name, text]]), status }
}
