import { sql } from 'drizzle-orm'
import {
  check,
  date,
  index,
  integer,
  pgTable,
  primaryKey,
  text,
  timestamp,
  unique,
} from 'drizzle-orm/pg-core'
import type { Item, VisitKind } from '../vocabulary/index.ts'
import type { ProxyRelation } from './consent-extensions.ts'
import type { ConsentRecord } from './evaluate-consent.ts'
import type { EvidenceKind } from './evidence.ts'

const at = (name: string) => timestamp(name, { withTimezone: true })

/** Every version that was received. Rows never change. */
export const consent = pgTable(
  'consent',
  {
    region: text().notNull(),
    localId: text('local_id').notNull(),
    version: integer().notNull(),
    status: text().$type<ConsentRecord['status']>().notNull(),
    form: text().notNull(),
    signedAt: at('signed_at').notNull(),
    statedFrom: at('stated_from').notNull(),
    validFrom: at('valid_from').notNull(),
    validUntil: at('valid_until'),
    refused: text().array().$type<Item[]>().notNull(),
    refusedInstitutions: text('refused_institutions').array().notNull(),
    refusedRegions: text('refused_regions').array().notNull(),
    proxyRelation: text('proxy_relation').$type<ProxyRelation>(),
    residentBorn: date('resident_born', { mode: 'string' }),
    deceasedOn: date('deceased_on', { mode: 'string' }),
    evidence: text().notNull(),
    evidenceKind: text('evidence_kind').$type<EvidenceKind>().notNull(),
    resource: text().notNull(),
    receivedAt: at('received_at').notNull(),
  },
  (table) => [
    primaryKey({ columns: [table.region, table.localId, table.version] }),
    check('consent_version', sql`${table.version} >= 1`),
    check('consent_status', sql`${table.status} in ('active', 'withdrawn', 'stopped', 'left')`),
    check('consent_proxy', sql`num_nonnulls(${table.proxyRelation}, ${table.residentBorn}) in (0, 2)`),
    check('consent_relation', sql`${table.proxyRelation} in ('parent', 'guardian')`),
    check(
      'consent_evidence_kind',
      sql`${table.evidenceKind} in ('paper', 'document', 'signature', 'telephone')`,
    ),
    check('consent_telephone', sql`${table.evidenceKind} <> 'telephone' or ${table.status} = 'stopped'`),
    check('consent_form', sql`${table.form} ~ '^[a-z0-9][a-z0-9-]{0,39}$'`),
    check('consent_from', sql`${table.validFrom} = greatest(${table.statedFrom}, ${table.receivedAt})`),
    check(
      'consent_period',
      sql`${table.status} <> 'active' or ${table.validUntil} is null or ${table.validUntil} > ${table.statedFrom}`,
    ),
  ],
)

/** Facts of an institution about a person. */
export const visit = pgTable(
  'visit',
  {
    institution: text().notNull(),
    region: text().notNull(),
    localId: text('local_id'),
    personId: text('person_id'),
    kind: text().$type<VisitKind>().notNull(),
    startedOn: date('started_on', { mode: 'string' }).notNull(),
    endedOn: date('ended_on', { mode: 'string' }),
    retractedAt: at('retracted_at'),
    recordedAt: at('recorded_at').notNull(),
  },
  (table) => [
    unique('visit_once')
      .on(table.institution, table.region, table.localId, table.personId, table.kind, table.startedOn)
      .nullsNotDistinct(),
    index('visit_by_person').on(table.institution, table.personId).where(sql`${table.personId} is not null`),
    check('visit_subject', sql`num_nonnulls(${table.localId}, ${table.personId}) = 1`),
    check(
      'visit_kind',
      sql`${table.kind} in ('outpatient', 'inpatient', 'visiting', 'care-contract', 'dispensing', 'checkup')`,
    ),
    check('visit_open', sql`${table.endedOn} is not null or ${table.kind} in ('inpatient', 'care-contract')`),
    check('visit_period', sql`${table.endedOn} is null or ${table.endedOn} >= ${table.startedOn}`),
  ],
)
