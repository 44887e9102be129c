import { createHash } from 'node:crypto'
import { z } from 'zod'
import { FIELDS, type Field, LEVELS } from './levels.ts'
import { type LinkRule, RULES } from './rules.ts'

const probability = z.number().gt(0).lte(1)
const bits = z.number().min(-1_000).max(1_000)

const levelSchema = z.strictObject({
  /** How often two registrations of one person stand so, and two of different people. */
  m: probability,
  u: probability,
  /** Bounds in bits. */
  floor: bits.optional(),
  cap: bits.optional(),
  /** The table by which the value's own frequency takes the place of the average. */
  frequency: z.enum(['surnameKanji', 'surnameKana', 'givenKanji', 'givenKana']).optional(),
})
export type LevelWeights = z.infer<typeof levelSchema>

const frequencySchema = z.strictObject({
  /** How often two people's values are equal. */
  average: probability,
  /** Of any value that is not listed. */
  default: probability,
  /** By folded text. */
  values: z.record(z.string(), probability),
})
export type FrequencyTable = z.infer<typeof frequencySchema>

export const modelSchema = z.strictObject({
  name: z.string().regex(/^[\w .-]{1,80}$/),
  /** `general` for data without Japanese names, numbers and addresses: no rules, the score alone (S). */
  kind: z.enum(['residents', 'general']),
  /** What the prior stands on: of all pairs of so many registrations so many are one person's. */
  population: z
    .strictObject({
      registrations: z.int().min(2),
      truePairs: z.number().positive(),
      persons: z.int().min(1),
    })
    .refine(({ registrations: n, truePairs }) => truePairs <= (n * (n - 1)) / 2, 'More pairs than there are.')
    .refine(({ registrations, persons }) => persons <= registrations, 'More persons than registrations.'),
  thresholds: z.strictObject({
    /** Posterior without which no rule but A0 and A1 links. */
    auto: z.number().gte(0.5).lt(1),
    /**
     * With which a pair without a rule is worth a clerk's time, and worth showing to whoever needs it. The first is
     * set by how much time there is: nearly all of these pairs are one person's, so it may be above `auto`.
     */
    review: probability,
    possible: probability,
    /** Bits: what one household shares is one fact, however many fields repeat it. */
    householdCap: bits,
    personFloor: bits,
    /** A4: so many namesakes of one birth date, at most, may be expected. */
    namesakes: probability,
    /** Given names go by year: so many times likelier within one birth date than in all. */
    cohort: z.number().min(1),
  }),
  rules: z.array(z.enum(RULES)),
  fields: z.partialRecord(z.enum(FIELDS), z.record(z.string(), levelSchema)),
  frequencies: z.record(z.enum(['surnameKanji', 'surnameKana', 'givenKanji', 'givenKana']), frequencySchema),
})
export type ModelFile = z.infer<typeof modelSchema>
export type FrequencyName = keyof ModelFile['frequencies']

/** A model ready for scoring. */
export interface Model {
  /** Its name and the hash of all that it says; kept with every decision. */
  id: string
  file: ModelFile
  /** In the order of `FIELDS`, by level. */
  weights: readonly (readonly Weight[])[]
  /** Places in `FIELDS` of the fields that weigh anything. */
  active: readonly number[]
  /** Bits before anything is compared. */
  prior: number
  /** Bits that a pair needs, on top of the prior. */
  autoBits: number
  reviewBits: number
  possibleBits: number
  allowed: ReadonlySet<LinkRule>
}

export interface Weight {
  bits: number
  floor: number
  cap: number
  frequency: FrequencyName | undefined
}

export function readModel(json: unknown): Model {
  const file = modelSchema.parse(json)
  const { registrations, truePairs } = file.population
  const prior = Math.log2(truePairs / ((registrations * (registrations - 1)) / 2))
  return {
    id: `${file.name}#${hashOf(file)}`,
    file,
    weights: FIELDS.map((field) => weightsOf(file, field)),
    active: FIELDS.flatMap((field, at) => (file.fields[field] === undefined ? [] : [at])),
    prior,
    autoBits: logit2(file.thresholds.auto) - prior,
    reviewBits: logit2(file.thresholds.review) - prior,
    possibleBits: logit2(file.thresholds.possible) - prior,
    allowed: new Set(file.rules),
  }
}

function weightsOf({ fields }: ModelFile, field: Field): Weight[] {
  const known = fields[field] ?? {}
  const names: readonly string[] = LEVELS[field]
  const stray = Object.keys(known).find((name) => !names.includes(name))
  if (stray !== undefined)
    throw new RangeError(`The model weighs ${field} at a level it does not have: ${stray}`)
  return names.map((name) => {
    const level = known[name]
    const [floor, cap] = [level?.floor ?? Number.NEGATIVE_INFINITY, level?.cap ?? Number.POSITIVE_INFINITY]
    const bits = level === undefined ? 0 : Math.log2(level.m / level.u)
    const frequency = level?.frequency
    // The bounds are of what a value weighs in the end.
    return {
      bits: frequency === undefined ? Math.min(cap, Math.max(floor, bits)) : bits,
      floor,
      cap,
      frequency,
    }
  })
}

/** The same whatever order the file's members stand in. */
function hashOf(value: unknown): string {
  return createHash('sha256').update(JSON.stringify(value, sortKeys)).digest('base64url').slice(0, 16)
}

function sortKeys(_key: string, value: unknown): unknown {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return value
  return Object.fromEntries(Object.entries(value).sort(([a], [b]) => (a < b ? -1 : 1)))
}

function logit2(probability: number): number {
  return Math.log2(probability / (1 - probability))
}
