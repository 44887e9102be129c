import { readFileSync } from 'node:fs'
import { z } from 'zod'
import { type AccessFacts, PROXY_RELATIONS } from '../../src/consent/index.ts'
import {
  INSTITUTION_KIND_CODES,
  ITEM_CODES,
  POST_CODES,
  PROFESSION_CODES,
  PURPOSE_CODES,
  policySchema,
  STAGES,
  WARNING_CODES,
} from '../../src/vocabulary/index.ts'

const instant = z.iso.datetime({ offset: true }).transform((text) => new Date(text))
const items = z.array(z.enum(ITEM_CODES))
const absent = z.null().transform(() => undefined)

const consent = z
  .strictObject({
    version: z.int(),
    status: z.enum(['active', 'withdrawn', 'stopped', 'left']),
    signedAt: instant,
    form: z.string(),
    validFrom: instant,
    validUntil: instant.or(absent),
    refused: items,
    refusedInstitutions: z.array(z.string()),
    refusedRegions: z.array(z.string()),
    proxy: z.strictObject({ relation: z.enum(PROXY_RELATIONS), residentBorn: z.iso.date() }).or(absent),
    deceasedOn: z.iso.date().or(absent),
  })
  .or(absent)

/** The facts of a decision as a fixture writes them: times as text, `null` for what is not there. */
const factsSchema = z.strictObject({
  at: instant,
  asking: z.strictObject({
    region: z.string(),
    stage: z.enum(STAGES),
    institution: z.strictObject({
      number: z.string(),
      kind: z.enum(INSTITUTION_KIND_CODES),
      isMember: z.boolean(),
    }),
    profession: z.enum(PROFESSION_CODES),
    post: z.enum(POST_CODES),
    purpose: z.enum(PURPOSE_CODES),
    items,
    policy: policySchema.or(absent),
    named: z.enum(['registration', 'with-insured-number', 'name-alone']),
    agreed: z.boolean(),
    firstVisit: z.strictObject({ warnings: z.array(z.enum(WARNING_CODES)) }).or(absent),
    breakGlass: z
      .strictObject({ since: instant, secondFactor: z.boolean(), isExact: z.boolean() })
      .or(absent),
  }),
  holding: z.strictObject({
    region: z.string(),
    stage: z.enum(STAGES),
    agreement: z.strictObject({ items }).or(absent),
    policy: policySchema,
    consent,
    formerConsent: consent,
    protected: z.boolean(),
    deceasedOn: z.iso.date().or(absent),
    viewedToday: z.strictObject({
      byUser: z.int(),
      byInstitution: z.int(),
      isAmongThem: z.boolean(),
    }),
  }),
  visited: z.boolean(),
})

type Tree = { [key: string]: unknown }

const ordinary = JSON.parse(
  readFileSync(new URL('../../fixtures/consent/ordinary.json', import.meta.url), 'utf8'),
) as { facts: Tree }

/** The facts of the ordinary query with what a case changes; objects are merged, lists and values replaced. */
export function factsWith(given: Tree = {}): AccessFacts {
  return factsSchema.parse(merge(ordinary.facts, given))
}

function merge(base: Tree, change: Tree): Tree {
  const merged = Object.entries(change).map(([key, value]) => {
    const before = base[key]
    return [key, isTree(value) && isTree(before) ? merge(before, value) : value]
  })
  return { ...base, ...Object.fromEntries(merged) }
}

function isTree(value: unknown): value is Tree {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}
