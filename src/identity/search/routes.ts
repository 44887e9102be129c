import { type Context as Call, Hono } from 'hono'
import { fhir } from '../../http/index.ts'
import type { Context } from '../../kernel/context.ts'
import { HubError } from '../../kernel/hub-error.ts'
import type { AskingEnv } from '../../registry/index.ts'
import { refuse } from '../../vocabulary/index.ts'
import { readPatient } from '../read-patient.ts'
import { findRegistration } from '../store.ts'
import { type Matches, matchPatients } from './match-patients.ts'
import { fullUrlOf, localIdOf, resourceText } from './patient-resource.ts'
import { type Criteria, readCriteria } from './read-criteria.ts'
import { type MatchQuestion, readMatch } from './read-match.ts'
import { type Found, searchEntry, searchPatients } from './search-patients.ts'
import type { FoundRow } from './search-store.ts'
import { type SearchEntry, type Searchset, searchsetText } from './searchset.ts'

/** IHE PDQm in the caller's own domain: ITI-78 search and read, ITI-119 `$match`. */
export function searchRoutes(context: Context & { publicUrl: string }) {
  const base = () => `${context.publicUrl}/fhir`
  const search = async (c: Call<AskingEnv>, path: string, form: string) => {
    const pairs = [...new URL(c.req.url).searchParams, ...new URLSearchParams(form)]
    const criteria = readCriteria(pairs, { isStrict: /handling=strict/i.test(c.req.header('prefer') ?? '') })
    const said = { asked: 'search', by: pairs.map(([name]) => name), at: context.now() } as const
    const found = await onRecord(c, said, async () => {
      const result = await searchPatients(context.db, c.var.caller, criteria)
      return { result, shown: result.page.map(({ localId }) => localId) }
    })
    return fhir(c, searchsetText(searchsetOf(base(), path, new URL(c.req.url).searchParams, criteria, found)))
  }
  return new Hono<AskingEnv>()
    .get('/Patient', (c) => search(c, '/Patient', ''))
    .post('/Patient/_search', (c) => search(c, '/Patient/_search', c.get('body')))
    .post('/Patient/$match', async (c) => {
      const { caller, body } = c.var
      const question = readMatch(body)
      const asked = readPatient(question.patientText, context.now(), caller.patientSystem)
      const matched = await onRecord(c, { asked: 'match', by: [], at: context.now() }, async () => {
        const result = chosen(await matchPatients(context.db, caller, asked), question)
        return { result, shown: result.entries.map(({ row }) => row.localId) }
      })
      return fhir(c, searchsetText(matchesOf(base(), matched)))
    })
    .get('/Patient/:id', async (c) => {
      const { region } = c.var.caller
      const localId = localIdOf(c.req.param('id'))
      const row = await onRecord(c, { asked: 'read', by: ['_id'], at: context.now() }, async () => {
        const found = localId && (await findRegistration(context.db, { region, localId }))
        if (!found) throw refuse('resource-unknown')
        return { result: found, shown: [found.localId] }
      })
      c.header('etag', `W/"${row.version}"`)
      return fhir(c, resourceText(row))
    })
}

/** Does a look-up, and uses the request up as it puts it on record, a refused one too, before anything is answered. */
async function onRecord<T>(
  c: Call<AskingEnv>,
  { at, ...said }: { asked: 'search' | 'match' | 'read'; by: readonly string[]; at: Date },
  work: () => Promise<{ result: T; shown: string[] }>,
): Promise<T> {
  const { caller, record } = c.var
  const done = await work().catch(refusalOf)
  const told = done instanceof HubError ? { shown: [], refused: done.code } : { shown: done.shown }
  await record(searchEntry(caller, { ...said, ...told }, at))
  if (done instanceof HubError) throw done
  return done.result
}

/** A refusal that is kept until the record of the look-up is committed; anything else is a fault. */
function refusalOf(error: unknown): HubError {
  if (error instanceof HubError) return error
  throw error
}

function entryOf(base: string, row: FoundRow): SearchEntry {
  return { fullUrl: fullUrlOf(base, row), text: resourceText(row) }
}

/** The links of a search that was posted name no parameter of its body: the next page takes the same body again. */
function searchsetOf(
  base: string,
  path: string,
  inUrl: URLSearchParams,
  criteria: Criteria,
  { total, page }: Found,
): Searchset {
  const heeded = [...inUrl].filter(([name]) => !criteria.ignored.includes(name.split(':')[0] ?? ''))
  const urlAt = (offset: number) => {
    const query = new URLSearchParams(heeded.filter(([name]) => name !== '_offset'))
    if (offset > 0) query.set('_offset', String(offset))
    const text = query.toString()
    return `${base}${path}${text === '' ? '' : `?${text}`}`
  }
  const next = criteria.offset + page.length
  return {
    total,
    entries: page.map((row) => entryOf(base, row)),
    links: [
      { relation: 'self', url: urlAt(criteria.offset) },
      ...(page.length > 0 && next < total ? [{ relation: 'next' as const, url: urlAt(next) }] : []),
    ],
    notes: criteria.ignored.map(() => ({
      severity: 'warning',
      code: 'not-supported',
      text: '対応していない検索条件を一つ無視しました。 A search parameter that is not supported was ignored.',
    })),
  }
}

interface Chosen {
  entries: Matches['matches']
  total: number
  isTruncated: boolean
  isAmbiguous: boolean
}

/** Of several who may be meant, asking for a single one gives none: nobody here can say which. */
function chosen(
  { matches, isTruncated }: Matches,
  { onlyCertain, onlySingle, count }: MatchQuestion,
): Chosen {
  const wanted = matches.filter(({ grade }) => !onlyCertain || grade === 'certain')
  const [best, second] = wanted
  const isAmbiguous =
    onlySingle && best !== undefined && best.grade !== 'certain' && second?.grade === best.grade
  const entries = isAmbiguous ? [] : wanted.slice(0, onlySingle ? 1 : count)
  return { entries, total: entries.length, isTruncated, isAmbiguous }
}

function matchesOf(base: string, { entries, total, isTruncated, isAmbiguous }: Chosen): Searchset {
  return {
    total,
    entries: entries.map(({ row, grade, score }) => ({ ...entryOf(base, row), match: { grade, score } })),
    links: [],
    notes: [
      ...(isTruncated
        ? [{ severity: 'warning' as const, code: 'too-costly' as const, text: TRUNCATED }]
        : []),
      ...(isAmbiguous
        ? [{ severity: 'warning' as const, code: 'multiple-matches' as const, text: AMBIGUOUS }]
        : []),
    ],
  }
}

const TRUNCATED =
  '似た登録が多すぎるため全てを比較できず、確実な一致は示せません。 Too many registrations are alike to compare them all, so no match is certain.'
const AMBIGUOUS = '候補が複数あり、一人に絞れません。 Several may be meant, and none more than another.'
