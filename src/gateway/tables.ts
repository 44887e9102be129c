import { sql } from 'drizzle-orm'
import {
  bigint,
  boolean,
  check,
  date,
  index,
  integer,
  jsonb,
  pgTable,
  primaryKey,
  text,
  timestamp,
} from 'drizzle-orm/pg-core'
import type { ConsentRecord, DeskForm, EvidenceKind } from '../consent/index.ts'
import { isBytes32 } from '../kernel/base64url.ts'
import type { Notice } from '../trust/index.ts'
import type { Item, Policy } from '../vocabulary/index.ts'
import type { Clinician, FeedLogin } from './login.ts'
import type { OpenedPatient } from './session.ts'

const at = (name: string) => timestamp(name, { withTimezone: true })

/** Keys that the council believes; nothing else makes a key count. */
export const pin = pgTable(
  'pin',
  {
    thumbprint: text().primaryKey(),
    owner: text().notNull(),
    acceptedAt: at('accepted_at').notNull(),
    signedBy: text('signed_by'),
  },
  (table) => [
    index('pin_by_owner').on(table.owner),
    check('pin_thumbprint', isBytes32(table.thumbprint)),
    check('pin_owner', sql`${table.owner} ~ '^[a-z][a-z0-9-]{1,31}$'`),
  ],
)

export const directorySeen = pgTable('directory_seen', {
  version: integer().primaryKey(),
  contentHash: text('content_hash').notNull(),
  token: text().notNull(),
  fetchedAt: at('fetched_at').notNull(),
})

/** Own copies of what the own council said: the gateway decides by these, never by the hub's word. */
export const consentCopy = pgTable(
  'consent_copy',
  {
    localId: text('local_id').notNull(),
    version: integer().notNull(),
    status: text().$type<ConsentRecord['status']>().notNull(),
    form: text().notNull(),
    signedAt: at('signed_at').notNull(),
    validFrom: at('valid_from').notNull(),
    validUntil: at('valid_until'),
    refused: text().array().$type<Item[]>().notNull(),
    refusedInstitutions: text('refused_institutions').array().notNull(),
    refusedRegions: text('refused_regions').array().notNull(),
    proxy: jsonb().$type<ConsentRecord['proxy']>(),
    deceasedOn: date('deceased_on', { mode: 'string' }),
    /** Null where it was copied before this was kept. */
    evidenceKind: text('evidence_kind').$type<EvidenceKind>(),
    receivedAt: at('received_at').notNull(),
    /** When the id was removed; it counts no more since, and its version is not used again. */
    endedAt: at('ended_at'),
  },
  (table) => [
    primaryKey({ columns: [table.localId, table.version] }),
    check('consent_copy_version', sql`${table.version} >= 1`),
    check('consent_copy_status', sql`${table.status} in ('active', 'withdrawn', 'stopped', 'left')`),
    check(
      'consent_copy_evidence_kind',
      sql`${table.evidenceKind} in ('paper', 'document', 'signature', 'telephone')`,
    ),
    check('consent_copy_ended', sql`${table.endedAt} is null or ${table.status} = 'active'`),
  ],
)

/** What was entered at the council's desk, by the paper's receipt number. */
export const deskEntry = pgTable(
  'desk_entry',
  {
    receipt: text().primaryKey(),
    localId: text('local_id').notNull(),
    form: jsonb().$type<DeskForm>().notNull(),
    state: text().$type<'waiting' | 'counted' | 'refused'>().notNull(),
    enteredBy: text('entered_by').notNull(),
    enteredAt: at('entered_at').notNull(),
    checkedBy: text('checked_by'),
    checkedAt: at('checked_at'),
    resource: text(),
    fedAt: at('fed_at'),
  },
  (table) => [
    index('desk_entry_waiting').on(table.enteredAt, table.receipt).where(sql`${table.state} = 'waiting'`),
    index('desk_entry_unfed')
      .on(table.enteredAt, table.receipt)
      .where(sql`${table.state} = 'counted' and ${table.fedAt} is null`),
    check('desk_entry_state', sql`${table.state} in ('waiting', 'counted', 'refused')`),
    check('desk_entry_checked', sql`${table.state} <> 'waiting' or ${table.checkedBy} is null`),
    check('desk_entry_second', sql`${table.checkedBy} <> ${table.enteredBy}`),
    check('desk_entry_resource', sql`(${table.state} = 'counted') = (${table.resource} is not null)`),
  ],
)

export const policyCopy = pgTable('policy_copy', {
  version: integer().primaryKey(),
  effectiveFrom: at('effective_from').notNull(),
  document: jsonb().$type<Policy>().notNull(),
  recordedAt: at('recorded_at').notNull(),
})

export const registrationCopy = pgTable('registration_copy', {
  localId: text('local_id').primaryKey(),
  protected: boolean().notNull(),
  deceasedOn: date('deceased_on', { mode: 'string' }),
  /** Removed ids are kept back too, whoever is given them next. */
  isRemoved: boolean('is_removed').notNull().default(false),
  receivedAt: at('received_at').notNull(),
})

/** Which id the region said replaces which, each time; also where the hub refused it, since a merge only narrows here. */
export const mergeCopy = pgTable(
  'merge_copy',
  {
    localId: text('local_id').notNull(),
    replacedBy: text('replaced_by').notNull(),
    receivedAt: at('received_at').notNull(),
  },
  (table) => [
    primaryKey({ columns: [table.localId, table.replacedBy] }),
    index('merge_copy_by_replacement').on(table.replacedBy),
    check('merge_copy_two', sql`${table.localId} <> ${table.replacedBy}`),
  ],
)

/** What the hub told the council unasked, as one letter each. */
export const councilNotice = pgTable(
  'council_notice',
  {
    letter: bigint({ mode: 'number' }).primaryKey(),
    notice: jsonb().$type<Notice>().notNull(),
    receivedAt: at('received_at').notNull(),
  },
  (table) => [
    index('council_notice_by_time').on(table.receivedAt),
    index('council_notice_shown').on(table.letter).where(sql`${table.notice} ->> 'kind' <> 'standing'`),
  ],
)

/** What a patient's registrations elsewhere say, by the hub's last letter about it; it only narrows. */
export const standingElsewhere = pgTable('standing_elsewhere', {
  localId: text('local_id').primaryKey(),
  protected: boolean().notNull(),
  deceasedOn: date('deceased_on', { mode: 'string' }),
  letter: bigint({ mode: 'number' }).notNull(),
  receivedAt: at('received_at').notNull(),
})

export type PromiseKind = 'attempt' | 'answer'
export type PromiseState = 'open' | 'kept' | 'broken'

export const promiseHeld = pgTable(
  'promise_held',
  {
    leaf: text().primaryKey(),
    log: text().$type<'hub'>().notNull(),
    by: at('by').notNull(),
    kind: text().$type<PromiseKind>().notNull(),
    state: text().$type<PromiseState>().notNull().default('open'),
    checkedAt: at('checked_at'),
  },
  (table) => [
    index('promise_held_open').on(table.by).where(sql`${table.state} = 'open'`),
    check('promise_held_leaf', isBytes32(table.leaf)),
    check('promise_held_state', sql`${table.state} in ('open', 'kept', 'broken')`),
  ],
)

export const receiptSigned = pgTable(
  'receipt_signed',
  {
    digest: text().primaryKey(),
    requestDigest: text('request_digest').notNull(),
    /** The mandate it answers, by which the hub's log names it; empty where it was signed before that was kept. */
    mandateDigest: text('mandate_digest').notNull().default(''),
    signedAt: at('signed_at').notNull(),
    namedAt: at('named_at'),
    /** When the alarm was raised. */
    missedAt: at('missed_at'),
  },
  (table) => [
    index('receipt_signed_open')
      .on(table.signedAt)
      .where(sql`${table.namedAt} is null and ${table.missedAt} is null`),
  ],
)

export const session = pgTable(
  'session',
  {
    idHash: text('id_hash').primaryKey(),
    login: jsonb().$type<Clinician>().notNull(),
    /** Names the opened patient to this session's forms; never the patient's own id. */
    patientHandle: text('patient_handle').notNull().unique(),
    opened: jsonb().$type<OpenedPatient>().notNull(),
    expiresAt: at('expires_at').notNull(),
    lastSeen: at('last_seen').notNull(),
  },
  (table) => [
    index('session_by_expiry').on(table.expiresAt),
    index('session_by_user').on(sql`(${table.login} ->> 'user')`),
  ],
)

/** Who of the council's office is at a screen. */
export const officeSession = pgTable(
  'office_session',
  {
    idHash: text('id_hash').primaryKey(),
    login: jsonb().$type<FeedLogin>().notNull(),
    /** What this session's forms carry, so that none acts in the name of whoever logged in after. */
    handle: text().notNull(),
    expiresAt: at('expires_at').notNull(),
    lastSeen: at('last_seen').notNull(),
  },
  (table) => [
    index('office_session_by_expiry').on(table.expiresAt),
    index('office_session_by_user').on(sql`(${table.login} ->> 'user')`),
  ],
)

/** Up to when a user's logins were ended, as the identity provider said. */
export const loginEnd = pgTable(
  'login_end',
  { user: text().primaryKey(), endedAt: at('ended_at').notNull() },
  (table) => [index('login_end_by_time').on(table.endedAt)],
)
