import { z } from 'zod'
import { BYTES_32 } from '../kernel/base64url.ts'
import { POST_CODES, PROFESSION_CODES } from '../vocabulary/index.ts'
import { regionIdSchema } from './claims.ts'

const instant = z.iso.datetime()
/** The receiving region's own patient id. */
const patient = z.string().min(1).max(128)
const viewer = {
  region: regionIdSchema,
  institution: z.string().regex(/^[0-9A-Z]{10}$/),
}

/** What a token has room for beside its other claims. */
export const FEED_MESSAGE_CHARS_MAX = 1_400

/**
 * What the hub tells a region's gateway unasked. It can only narrow or inform: whatever would widen has to come from
 * the region's own council.
 */
export const noticeSchema = z.discriminatedUnion('kind', [
  /** Regions, keys, institutions or stages changed: fetch the directory again. */
  z.strictObject({ kind: z.literal('directory-changed') }),
  z.strictObject({ kind: z.literal('policy-recorded'), version: z.int().min(1) }),
  /** A withdrawal, a stop or a leaving, of that version. */
  z.strictObject({ kind: z.literal('consent-ended'), patient, version: z.int().min(1), at: instant }),
  /**
   * What other registrations of the same resident say that bounds what may leave here; neither which nor whose. It
   * stands beside what this region has itself, so that taking it back gives no more than its own copies do.
   */
  z.strictObject({
    kind: z.literal('standing'),
    patient,
    protected: z.boolean(),
    deceasedOn: z.iso.date().optional(),
    at: instant,
  }),
  /** An institution is shown the person by this region for the first time. */
  z.strictObject({ kind: z.literal('first-view'), patient, ...viewer, at: instant }),
  /** The glass was broken: the council's privacy officer reviews it by `reviewDueOn`. */
  z.strictObject({
    kind: z.literal('emergency'),
    emergency: z.string().max(43),
    patient,
    ...viewer,
    user: z.string().min(1).max(200),
    profession: z.enum(PROFESSION_CODES),
    post: z.enum(POST_CODES),
    reason: z.string().min(1).max(200),
    at: instant,
    reportDueAt: instant,
    reviewDueOn: z.iso.date(),
  }),
  /** Which of the region's own ids are the same resident as this one: the text of an ITI-93 message (IHE PMIR). */
  z.strictObject({
    kind: z.literal('links-changed'),
    patient,
    message: z.string().max(FEED_MESSAGE_CHARS_MAX),
    at: instant,
  }),
  /** An index clerk asks whether what the region has of its patient is right. */
  z.strictObject({
    kind: z.literal('registration-doubted'),
    patient,
    fields: z.array(z.string().max(20)).max(20),
    at: instant,
  }),
  /** Somebody breaks the glass by habit. */
  z.strictObject({
    kind: z.literal('emergency-habit'),
    ...viewer,
    user: z.string().min(1).max(200),
    count: z.int().min(1),
    at: instant,
  }),
])
export type Notice = z.infer<typeof noticeSchema>

const digest = z.string().regex(BYTES_32)
const seconds = z.int().min(946_684_800).max(4_102_444_800)

/** `tsunagi-notice+jwt`: the hub, with its mandate key, to one region's gateway; bound to the call as a mandate is. */
export const noticeClaimsSchema = z.strictObject({
  iss: z.string().min(1).max(200),
  aud: regionIdSchema,
  iat: seconds,
  exp: seconds,
  jti: z.string().regex(/^[A-Za-z0-9_-]{22,43}$/),
  htm: z.literal('POST'),
  htu: z.string().min(1).max(1_000),
  bod: digest,
  /** The same however often it is sent. */
  letter: z.int().min(1),
  notice: noticeSchema,
})
export type NoticeClaims = z.infer<typeof noticeClaimsSchema>
