import { z } from 'zod'
import { BYTES_32 } from '../kernel/base64url.ts'
import { AUDIT_KIND } from './kinds.ts'

/**
 * An export is lines of JSON: this header, then entries in the order of the log, with checkpoints where they
 * were signed; the last line is the checkpoint of the whole. Each line has one spelling only, so that two
 * readers cannot read it differently.
 */
export const exportHeaderSchema = z.strictObject({
  format: z.literal('tsunagi-audit@v1'),
  origin: z.string().regex(/^[^\s+\p{Cs}]{1,200}$/u),
  publicKey: z.string().regex(BYTES_32),
})
export type ExportHeader = z.infer<typeof exportHeaderSchema>

/** A lone surrogate has no UTF-8 of its own: it would hash like U+FFFD. */
const wellFormed = z.string().refine((text) => text.isWellFormed())
const hashText = z.string().regex(BYTES_32)

/** What the log no longer holds is null: the line then still says that a leaf is there. */
export const exportEntrySchema = z.strictObject({
  index: z.int().min(0),
  id: z
    .string()
    .regex(/^[A-Za-z0-9_-]{22}$/)
    .nullable(),
  kind: z.string().max(64).regex(AUDIT_KIND).nullable(),
  at: z
    .string()
    .regex(/^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}\.\d{3}Z$/)
    .nullable(),
  digest: hashText.nullable(),
  salt: hashText.nullable(),
  detail: wellFormed.nullable(),
  leaf: hashText,
})
export type ExportEntry = z.infer<typeof exportEntrySchema>

export const exportCheckpointSchema = z.strictObject({ checkpoint: wellFormed })

/** Checks nothing: what was tampered with must come out as it is. The reader wants the schema's order of members. */
export function writeExportLine(content: ExportHeader | ExportEntry | { checkpoint: string }): string {
  return JSON.stringify(content)
}

/** The line's content, or undefined when it is not exactly what this format would write. */
export function readExportLine<T>(schema: z.ZodType<T>, line: string): T | undefined {
  const { data } = schema.safeParse(parsed(line))
  return data !== undefined && JSON.stringify(data) === line ? data : undefined
}

function parsed(line: string): unknown {
  try {
    return JSON.parse(line)
  } catch {
    return undefined
  }
}
