import { z } from 'zod'
import type { FoundEntry } from '../audit/index.ts'

const verdict = z.looseObject({
  region: z.string(),
  verdict: z.enum(['permit', 'deny']),
  ground: z.string().optional(),
  reason: z.string().optional(),
  items: z.array(z.string()).optional(),
})

/** An attempt as the broker records it; older ones may lack what was added since. */
const attemptSchema = z.looseObject({
  request: z.string(),
  region: z.string(),
  institution: z.string(),
  user: z.string(),
  profession: z.string(),
  post: z.string(),
  purpose: z.string(),
  items: z.array(z.string()),
  terminal: z.string().optional(),
  breakGlass: z.string().optional(),
  person: z.string().nullable(),
  verdicts: z.array(verdict),
})

const releaseSchema = z.looseObject({
  request: z.string(),
  sources: z.array(
    z.looseObject({
      region: z.string(),
      state: z.string(),
      count: z.int(),
      items: z.array(z.string()).optional(),
    }),
  ),
})

/** Somebody asked about a person: who, when, and what was decided. */
export interface Attempt extends z.infer<typeof attemptSchema> {
  at: Date
}

export type Release = z.infer<typeof releaseSchema>

/** Undefined for an entry of a form that is not known here. */
export function readAttempt({ at, detail }: Pick<FoundEntry, 'at' | 'detail'>): Attempt | undefined {
  const { data } = attemptSchema.safeParse(JSON.parse(detail))
  return data && { ...data, at: new Date(at) }
}

export function readRelease({ detail }: Pick<FoundEntry, 'detail'>): Release | undefined {
  return releaseSchema.safeParse(JSON.parse(detail)).data
}

/** On what ground somebody was shown the person, where any holder permitted it. */
export function groundOf({ verdicts }: Attempt): string | undefined {
  return verdicts.find((each) => each.verdict === 'permit')?.ground
}

export function wasDeniedFor({ verdicts }: Attempt, reason: string): boolean {
  return groundOf({ verdicts } as Attempt) === undefined && verdicts.some((each) => each.reason === reason)
}
