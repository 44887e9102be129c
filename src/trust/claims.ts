import { z } from 'zod'
import { BYTES_32 } from '../kernel/base64url.ts'
import {
  ITEM_CODES,
  POST_CODES,
  PROFESSION_CODES,
  PURPOSE_CODES,
  SOURCE_STATES,
  type SourceState,
  SYSTEMS,
  VISIT_KIND_CODES,
  WARNING_CODES,
} from '../vocabulary/index.ts'

/** Region ids are short, lower-case and never re-used. */
export const regionIdSchema = z.string().regex(/^[a-z][a-z0-9-]{1,31}$/)

const digest = z.string().regex(BYTES_32)
/** 2000-01-01 to 2100-01-01: a time outside is a fault, not a date. */
const seconds = z.int().min(946_684_800).max(4_102_444_800)
const identity = z.string().min(1).max(200)
export const isoDateSchema = z.iso.date()

const base = {
  iss: identity,
  aud: identity,
  iat: seconds,
  exp: seconds,
  jti: z.string().regex(/^[A-Za-z0-9_-]{22,43}$/),
}

/** The call that the token stands for: method, absolute URL and SHA-256 of the exact body. */
const call = {
  htm: z.enum(['GET', 'POST', 'PUT', 'DELETE']),
  htu: z.string().min(1).max(1_000),
  bod: digest,
}

/** The promise of an audit leaf by a deadline (ISO, UTC). */
export const promiseSchema = z.strictObject({ leaf: digest, by: z.iso.datetime() })

/** A leaf is promised within 60 s of an entry that is at most a second old when the token is signed. */
const PROMISE_SECONDS_MAX = 61

/** Whether the promise is for later than anybody may put it off: never looked up, it would never be broken. */
export function isPromiseLate(claims: { iat: number; promise: z.infer<typeof promiseSchema> }): boolean {
  return Date.parse(claims.promise.by) > (claims.iat + PROMISE_SECONDS_MAX) * 1000
}

const itemsSchema = z.array(z.enum(ITEM_CODES)).min(1).max(64)
/** All items but these: who asks for nearly everything, as the viewer does, would need a third of a request to say so. */
const allButSchema = z.array(z.enum(ITEM_CODES)).max(ITEM_CODES.length - 1)

/** What a query adds to a request: IHE IUA claims (ITI-71) and the project's own. */
const queryExtensions = z.strictObject({
  ihe_iua: z.strictObject({
    subject_name: z.string().min(1).max(100),
    subject_organization_id: z.string().regex(/^[0-9A-Z]{10}$/),
    subject_role: z.tuple([
      z.strictObject({ system: z.literal(SYSTEMS.profession), code: z.enum(PROFESSION_CODES) }),
      z.strictObject({ system: z.literal(SYSTEMS.post), code: z.enum(POST_CODES) }),
    ]),
    purpose_of_use: z.tuple([
      z.strictObject({ system: z.literal(SYSTEMS.purpose), code: z.enum(PURPOSE_CODES) }),
    ]),
  }),
  tsunagi: z
    .strictObject({
      items: itemsSchema.optional(),
      all_but: allButSchema.optional(),
      patient: digest,
      birth_sex: digest,
      terminal: z.string().min(1).max(64).optional(),
      visit: z.strictObject({ kind: z.enum(VISIT_KIND_CODES), on: isoDateSchema }).optional(),
      /** That this is a first visit, with the warnings that were acknowledged. */
      first_visit: z
        .strictObject({ warnings: z.array(z.enum(WARNING_CODES)).max(WARNING_CODES.length) })
        .optional(),
      /** That the resident agreed to this viewing too, where a council asks for it. */
      agreed: z.literal(true).optional(),
      /** Why the glass was broken and when; `second_factor` is the asking gateway's word for the login. */
      break_glass: z
        .strictObject({
          reason: z.string().min(10).max(200),
          since: seconds.optional(),
          second_factor: z.literal(true).optional(),
        })
        .optional(),
    })
    .refine(({ items, all_but: allBut }) => (items === undefined) !== (allBut === undefined), {
      path: ['items'],
    }),
})

/** Duties of people who act for their council and view no records; the region's gateway vouches for the login. */
export const DUTIES = ['index-clerk'] as const
export type Duty = (typeof DUTIES)[number]

/**
 * `tsunagi-request+jwt`: the region, for every call; `sub` only where a person acts: with `extensions` in a query,
 * with `duty` otherwise.
 */
export const requestClaimsSchema = z
  .strictObject({
    ...base,
    ...call,
    iss: regionIdSchema,
    idempotency: z
      .string()
      .regex(/^[A-Za-z0-9_-]{16,64}$/)
      .optional(),
    cnf: z.strictObject({ 'x5t#S256': digest }).optional(),
    sub: identity.optional(),
    extensions: queryExtensions.optional(),
    duty: z.enum(DUTIES).optional(),
  })
  .refine(
    ({ sub, extensions, duty }) =>
      (sub === undefined ? 0 : 1) === (extensions === undefined ? 0 : 1) + (duty === undefined ? 0 : 1),
    { path: ['sub'] },
  )
export type RequestClaims = z.infer<typeof requestClaimsSchema>

/** `tsunagi-mandate+jwt`: the hub, one per source; aud is the holding region. */
export const mandateClaimsSchema = z.strictObject({
  ...base,
  ...call,
  /** Digest of the request this mandate serves. */
  req: digest,
  /** The person's id in the holding region. */
  patient: z.strictObject({ system: z.string().max(200), value: z.string().min(1).max(128) }),
  /** To compare birth date and sex with the request's `birth_sex`. */
  salt: digest,
  items: itemsSchema,
  /** Dates of care the answer may be narrowed to. */
  period: z.strictObject({ from: isoDateSchema.optional(), to: isoDateSchema.optional() }).optional(),
  /** Versions the hub decided by; the gateway decides by its own. */
  versions: z.strictObject({ consent: z.int().min(0), policy: z.int().min(0) }),
  /** RFC 8693: the outermost is the current actor. */
  act: z.strictObject({
    sub: identity,
    act: z.strictObject({ sub: identity, act: z.strictObject({ sub: identity }) }),
  }),
  promise: promiseSchema,
})
export type MandateClaims = z.infer<typeof mandateClaimsSchema>

const sourceStates = Object.keys(SOURCE_STATES) as [SourceState, ...SourceState[]]

/** `tsunagi-receipt+jwt`: whoever answers, denials too. */
export const receiptClaimsSchema = z.strictObject({
  ...base,
  req: digest,
  /** Digest of the mandate answered; absent in the hub's own receipt. */
  man: digest.optional(),
  /** RFC 9162 root over the exact text of each entry. */
  root: digest,
  count: z.int().min(0).max(10_000),
  status: z.enum(sourceStates),
  /**
   * What the answer was permitted to hold and was looked for, where the council lets it be known that something is
   * withheld; none where the local system serves no type of what was asked.
   */
  items: z.array(z.enum(ITEM_CODES)).max(64).optional(),
  /** The local patient reference, e.g. `Patient/123`; absent in denials and the hub's own. */
  patient: z.string().max(200).optional(),
  promise: promiseSchema,
})
export type ReceiptClaims = z.infer<typeof receiptClaimsSchema>
