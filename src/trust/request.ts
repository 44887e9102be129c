import { randomId } from '../kernel/ids.ts'
import type { Item, Post, Profession, Purpose, VisitKind, Warning } from '../vocabulary/index.ts'
import { ITEM_CODES, SYSTEMS } from '../vocabulary/index.ts'
import type { RequestClaims } from './claims.ts'
import { sha256 } from './hash.ts'

/** Who asks for what, read from a verified request. */
export interface QueryClaims {
  user: string
  userName: string
  institution: string
  profession: Profession
  post: Post
  purpose: Purpose
  items: Item[]
  patientHash: string
  birthSexHash: string
  terminal?: string | undefined
  visit?: { kind: VisitKind; on: string } | undefined
  /** That this is a first visit, with the warnings that were acknowledged. */
  firstVisit?: { warnings: Warning[] } | undefined
  /** That the resident agreed to this viewing too. */
  agreed?: boolean | undefined
  breakGlass?: BrokenGlass | undefined
}

/** Why the glass was broken, when (in seconds; else as the request is signed), and whether by a login of two factors. */
export interface BrokenGlass {
  reason: string
  since?: number | undefined
  secondFactor?: boolean | undefined
}

/** The query of a request; undefined for calls that do not read a person's records. */
export function queryOf(claims: RequestClaims): QueryClaims | undefined {
  if (claims.sub === undefined || claims.extensions === undefined) return undefined
  const { ihe_iua: iua, tsunagi } = claims.extensions
  return {
    user: claims.sub,
    userName: iua.subject_name,
    institution: iua.subject_organization_id,
    profession: iua.subject_role[0].code,
    post: iua.subject_role[1].code,
    purpose: iua.purpose_of_use[0].code,
    items: tsunagi.items ?? ITEM_CODES.filter((item) => tsunagi.all_but?.includes(item) === false),
    patientHash: tsunagi.patient,
    birthSexHash: tsunagi.birth_sex,
    terminal: tsunagi.terminal,
    visit: tsunagi.visit,
    firstVisit: tsunagi.first_visit,
    agreed: tsunagi.agreed,
    breakGlass: brokenGlass(tsunagi.break_glass, claims.iat),
  }
}

/** Whichever of the two is shorter. */
function itemsClaim(items: readonly Item[]): { items: Item[] } | { all_but: Item[] } {
  const left = ITEM_CODES.filter((item) => !items.includes(item))
  return left.length < items.length ? { all_but: left } : { items: [...items] }
}

type GlassClaims = NonNullable<RequestClaims['extensions']>['tsunagi']['break_glass']

function brokenGlass(stated: GlassClaims, signedAt: number): BrokenGlass | undefined {
  if (stated === undefined) return undefined
  return {
    reason: stated.reason,
    since: stated.since ?? signedAt,
    secondFactor: stated.second_factor === true,
  }
}

/** The claims' form of a query: what `queryOf` reads back. */
export function queryExtensions(query: QueryClaims): Pick<RequestClaims, 'sub' | 'extensions'> {
  return {
    sub: query.user,
    extensions: {
      ihe_iua: {
        subject_name: query.userName,
        subject_organization_id: query.institution,
        subject_role: [
          { system: SYSTEMS.profession, code: query.profession },
          { system: SYSTEMS.post, code: query.post },
        ],
        purpose_of_use: [{ system: SYSTEMS.purpose, code: query.purpose }],
      },
      tsunagi: {
        ...itemsClaim(query.items),
        patient: query.patientHash,
        birth_sex: query.birthSexHash,
        terminal: query.terminal,
        visit: query.visit,
        first_visit: query.firstVisit,
        agreed: query.agreed === true ? true : undefined,
        break_glass: query.breakGlass && {
          reason: query.breakGlass.reason,
          since: query.breakGlass.since,
          second_factor: query.breakGlass.secondFactor === true ? true : undefined,
        },
      },
    },
  }
}

/** A call as it goes over the wire; `url` is absolute. */
export interface Call {
  method: 'GET' | 'POST' | 'PUT' | 'DELETE'
  url: string
  body: string
}

/** The claims that bind a token to one call. */
export function callClaims(call: Call): { htm: Call['method']; htu: string; bod: string } {
  return { htm: call.method, htu: call.url, bod: sha256(call.body) }
}

const LIFETIME_SECONDS = 60

/** Issuer, audience, times and a fresh id for a token made now. */
export function freshClaims(iss: string, aud: string, now: Date) {
  const iat = Math.floor(now.getTime() / 1000)
  return { iss, aud, iat, exp: iat + LIFETIME_SECONDS, jti: randomId() }
}
