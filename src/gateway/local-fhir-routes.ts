import { type Context as Call, Hono } from 'hono'
import { type FetchedAnswer, FHIR_JSON, fhir } from '../http/index.ts'
import { CLINICAL_TYPES, refuse } from '../vocabulary/index.ts'
import { askHub } from './ask-hub.ts'
import type { GatewayContext } from './context.ts'
import { feedConsent } from './feed-consent.ts'
import { feedHub } from './feed-hub.ts'
import { feedPolicy } from './feed-policy.ts'
import { feedRegistration, removeRegistration } from './feed-registration.ts'
import { readSearch } from './read-search.ts'
import { asClinician, asFeed, asFeedOrDesk, asOffice, type LocalEnv } from './require-login.ts'

const QUERY_CHARS_MAX = 800

/** The region's own systems read through the gateway as from an ordinary FHIR server. */
export function localSearchRoutes(ctx: GatewayContext) {
  const routes = new Hono<LocalEnv>()
  routes.post('/_search', (c) => search(ctx, c, undefined))
  for (const type of CLINICAL_TYPES) {
    routes.get(`/${type}`, (c) => search(ctx, c, type))
    routes.post(`/${type}/_search`, (c) => search(ctx, c, type))
  }
  return routes
}

/** Answers with the searchset as the hub sent it, once it is proven. */
async function search(ctx: GatewayContext, c: Call<LocalEnv>, type: string | undefined): Promise<Response> {
  const login = asClinician(c.get('login'))
  const query = new URL(c.req.url).searchParams
  const form = c.req.method === 'POST' ? new URLSearchParams(c.get('body')) : undefined
  const here = { patientSystem: ctx.patientSystem, now: Math.floor(ctx.now().getTime() / 1000) }
  const { answer } = await askHub(ctx, login, readSearch({ type, query, form }, here))
  return fhir(c, answer.text)
}

/** What the region's systems and its council feed: the own copy first, then the hub, whose answer comes back. */
export function localFeedRoutes(ctx: GatewayContext) {
  return new Hono<LocalEnv>()
    .put('/Patient', async (c) => {
      const login = asFeed(c.get('login'), ['feed'])
      return relay(await feedRegistration(ctx, login, identifierOf(c), c.get('body')))
    })
    .delete('/Patient', async (c) => {
      const login = asFeed(c.get('login'), ['feed'])
      return relay(await removeRegistration(ctx, login, identifierOf(c)))
    })
    .get('/Patient/$ihe-pix', async (c) => {
      asFeed(c.get('login'), ['feed', 'council'])
      const { search: query } = new URL(c.req.url)
      if (query.length > QUERY_CHARS_MAX) throw refuse('parameter-unsupported')
      return relay(await feedHub(ctx, { method: 'GET', path: `/fhir/Patient/$ihe-pix${query}` }))
    })
    .post('/Consent', async (c) => {
      const login = asFeedOrDesk(c.get('login'))
      return relay(await feedConsent(ctx, login, c.get('body')))
    })
    .get('/Consent', async (c) => {
      asFeed(c.get('login'), ['feed', 'council'])
      const { search: query } = new URL(c.req.url)
      return relay(await feedHub(ctx, { method: 'GET', path: `/fhir/Consent${query}` }))
    })
    .post('/Consent/_search', async (c) => {
      asFeed(c.get('login'), ['feed', 'council'])
      return relay(await feedHub(ctx, { method: 'POST', path: '/fhir/Consent/_search', body: c.get('body') }))
    })
    .get('/Consent/$coverage', async (c) => {
      asOffice(c.get('login'), 'desk')
      const { search: query } = new URL(c.req.url)
      return relay(await feedHub(ctx, { method: 'GET', path: `/fhir/Consent/$coverage${query}` }))
    })
    .post('/Encounter/$bulk', async (c) => {
      asFeedOrDesk(c.get('login'))
      const contentType = c.req.header('content-type') ?? ''
      const path = '/fhir/Encounter/$bulk'
      return relay(await feedHub(ctx, { method: 'POST', path, body: c.get('body'), contentType }))
    })
    .post('/Encounter', async (c) => {
      asFeedOrDesk(c.get('login'))
      return relay(await feedHub(ctx, { method: 'POST', path: '/fhir/Encounter', body: c.get('body') }))
    })
}

export function localPolicyRoutes(ctx: GatewayContext) {
  return new Hono<LocalEnv>().put('/policy', async (c) => {
    const login = asOffice(c.get('login'), 'desk')
    return relay(await feedPolicy(ctx, login, c.get('body')))
  })
}

function identifierOf(c: Call<LocalEnv>): string | undefined {
  const [identifier, ...more] = c.req.queries('identifier') ?? []
  if (more.length > 0 || Object.keys(c.req.queries()).length > 1) throw refuse('parameter-unsupported')
  return identifier
}

/** What the hub may say its text is; anything else is read as FHIR. */
const RELAYED_TYPES = ['application/json', 'text/plain; charset=utf-8']

/** The hub's status and text, with the type of the text, and nothing else of it. */
export function relay({ status, text, headers }: FetchedAnswer): Response {
  const said = headers['content-type'] ?? ''
  const type = RELAYED_TYPES.find((each) => each === said.toLowerCase()) ?? FHIR_JSON
  return new Response(text === '' ? null : text, {
    status,
    ...(text === '' ? {} : { headers: { 'content-type': type } }),
  })
}
