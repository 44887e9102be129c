import { and, eq, gte, inArray, lt, or, type SQL, sql } from 'drizzle-orm'
import type { PgColumn } from 'drizzle-orm/pg-core'
import type { Caller } from '../../http/index.ts'
import type { Queryable } from '../../kernel/database.ts'
import { type ModelIds, modelIds } from '../model-store.ts'
import { foldKana } from '../normalise/fold-kana.ts'
import { foldSurname } from '../normalise/fold-kanji.ts'
import type { Features } from '../normalise/index.ts'
import type { RegistrationRow } from '../store.ts'
import { registration } from '../tables.ts'
import { localIdOf } from './patient-resource.ts'
import type { Criteria } from './read-criteria.ts'

export type FoundRow = Pick<
  RegistrationRow,
  'region' | 'localId' | 'version' | 'source' | 'features' | 'updatedAt' | 'isActive'
>

const found = {
  region: registration.region,
  localId: registration.localId,
  version: registration.version,
  source: registration.source,
  features: registration.features,
  updatedAt: registration.updatedAt,
  isActive: registration.isActive,
}

const { familyKana, familyKanji } = registration

/**
 * Registrations of the region which may satisfy a search: by what is indexed, and by what is cheap. Undefined when
 * nothing of it is indexed. One more than `max` says that there are too many.
 */
export async function findPossible(
  db: Queryable,
  { region, patientSystem }: Caller,
  criteria: Criteria,
  max: number,
): Promise<FoundRow[] | undefined> {
  const indexed = [
    ...idConditions(criteria, patientSystem),
    ...familyConditions(criteria),
    ...dateConditions(criteria),
  ]
  if (indexed.length === 0) return undefined
  const { genders, isActive } = criteria
  return db
    .select(found)
    .from(registration)
    .where(
      and(
        eq(registration.region, region),
        ...indexed,
        ...genders.map((codes) => inArray(registration.sex, codes)),
        isActive === undefined ? undefined : eq(registration.isActive, isActive),
      ),
    )
    .orderBy(registration.localId)
    .limit(max + 1)
}

/** An identifier without a system is the caller's own id. */
function idConditions({ ids, identifiers }: Criteria, patientSystem: string): SQL[] {
  const named = ids.map((values) => values.flatMap((id) => localIdOf(id) ?? []))
  const own = identifiers
    .filter((tokens) => tokens.every(({ system }) => system === undefined || system === patientSystem))
    .map((tokens) => tokens.map(({ value }) => value))
  return [...named, ...own].map((values) => anyOf(values))
}

function anyOf(localIds: string[]): SQL {
  return localIds.length === 0 ? sql`false` : inArray(registration.localId, localIds)
}

/** A search for what a text contains reads every family name, so that alone it is none of these. */
function familyConditions({ texts }: Criteria): SQL[] {
  return texts
    .filter(({ name, mode }) => name === 'family' && mode !== 'contains')
    .flatMap(({ values }) => or(...values.flatMap(familyStarts)) ?? sql`false`)
}

function familyStarts(value: string): SQL[] {
  const [kana, kanji] = [foldKana(value), foldSurname(value)]
  return [
    ...(kana === undefined ? [] : [startsWith(familyKana, kana)]),
    ...(kanji === undefined ? [] : [startsWith(familyKanji, kanji)]),
  ]
}

/** By the operators of the index, which do not depend on how the database sorts. */
function startsWith(column: PgColumn, prefix: string): SQL {
  return sql`(${column} ~>=~ ${prefix} and ${column} ~<~ ${`${prefix}\u{10ffff}`})`
}

function dateConditions({ birthDates }: Criteria): SQL[] {
  return birthDates.flatMap(({ from, until }) => [
    ...(from === undefined ? [] : [gte(registration.birthDate, from)]),
    ...(until === undefined ? [] : [lt(registration.birthDate, until)]),
  ])
}

/** Compared with what was asked, beside the person it belongs to and the models by which to judge it. */
export type AlikeRow = FoundRow & { person: string | null; models: ModelIds | null }

type Alike = Omit<AlikeRow, 'updatedAt' | 'region' | 'isActive'> & { updatedAt: string }

/**
 * Active registrations of the region that are worth comparing with these features: of one birth date or one name. One
 * text for all questions, so that it is planned once: what was not asked is null, and nobody's. Each condition alone, so
 * that each has its index: of an OR over them the planner reads the region.
 */
export async function findAlike(
  db: Queryable,
  region: string,
  asked: { features: Features; keys: readonly bigint[]; localId: string | undefined },
  max: number,
): Promise<AlikeRow[]> {
  const { features, keys, localId } = asked
  const { family, given, birthDate } = features
  const own = sql`select local_id from registration where region = ${region} and is_active`
  const limit = sql`limit ${max + 1}`
  const rows = await db.execute<Alike>(sql`
    select local_id as "localId", version, source, features, updated_at as "updatedAt", ${modelIds} as models,
           (select person from link
             where link.region = registration.region and link.local_id = registration.local_id) as person
      from registration
     where region = ${region} and local_id in (select local_id from (
       (${own} and birth_date = ${birthDate?.day ?? null} ${limit})
       union (${own} and family_kana = ${family.kana ?? null} and given_kana = ${given.kana ?? null} ${limit})
       union (${own} and family_kanji = ${family.kanji ?? null} and given_kanji = ${given.kanji ?? null} ${limit})
       union (${own} and local_id in (
         select local_id from registration_key
          where key = any(${sql.param(keys.map(String))}::bigint[]) and region = ${region}) ${limit})
       union (${own} and local_id = ${localId ?? null} ${limit})) as alike)
     order by local_id
     ${limit}`)
  return rows.map((row) => ({ ...row, region, isActive: true, updatedAt: new Date(row.updatedAt) }))
}
