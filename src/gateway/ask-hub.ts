import { type AuditPromise, recordAudit } from '../audit/index.ts'
import type { FetchedAnswer } from '../http/index.ts'
import { randomSalt } from '../kernel/ids.ts'
import { type QueryClaims, saltedBirthSexHash, saltedPatientHash, saltFor } from '../trust/index.ts'
import { REFUSALS, type RefusalCode, refuse, typesOf } from '../vocabulary/index.ts'
import { AnswerCondemned } from './answer-condemned.ts'
import { prepareHubCall, refusalOf, type SignedHubCall, sendToHub } from './call-hub.ts'
import { type CheckedAnswer, checkAnswer, checkDenial } from './check-answer.ts'
import type { AnswerExpected } from './check-receipt.ts'
import type { GatewayContext } from './context.ts'
import { type FoundPatient, findPatient } from './find-patient.ts'
import type { Clinician } from './login.ts'
import { checkOwnCouncil } from './own-council.ts'
import { pinnedKey } from './pinned-key.ts'
import { holdPromise } from './promise-store.ts'
import type { Question } from './read-search.ts'
import { visitOf } from './visit-of.ts'

export interface AskedAnswer {
  patient: FoundPatient
  answer: CheckedAnswer
}

/**
 * Asks the hub for somebody who logged in here, and believes of the answer only what its holders signed for this
 * very request. Who asks comes from the login; a registered patient's birth date and sex from the local system.
 */
export async function askHub(
  ctx: GatewayContext,
  login: Clinician,
  question: Question,
): Promise<AskedAnswer> {
  await checkOwnCouncil(ctx, login, question)
  const patient = await findPatient(ctx, question.patient)
  const visit = question.visit ?? visitOf(login, patient, ctx.now())
  const signed = await signQuery(ctx, login, { ...question, visit }, patient)
  await recordRequest(ctx, login, question, patient, signed)
  const reply = await sendToHub(ctx, signed)
  return { patient, answer: await believe(ctx, signed.digest, reply) }
}

/** The salt goes to the hub alone, in the body; the request carries hashes that only it lets anybody compare. */
function signQuery(
  ctx: GatewayContext,
  login: Clinician,
  question: Question,
  { parameter, system, value, birthDate, gender }: FoundPatient,
): Promise<SignedHubCall> {
  const salt = randomSalt()
  const { items, types = typesOf(items), visit, firstVisit, agreed, breakGlass, period } = question
  const { secondFactor, visit: _visit, ...who } = login
  const query: QueryClaims = {
    ...who,
    purpose: breakGlass === undefined ? 'TREAT' : 'BTG',
    items,
    patientHash: saltedPatientHash(saltFor(salt, 'patient'), system, value),
    birthSexHash: saltedBirthSexHash(saltFor(salt, 'birth-sex'), birthDate, gender),
    visit,
    firstVisit,
    agreed,
    breakGlass: breakGlass && { ...breakGlass, secondFactor },
  }
  const form = new URLSearchParams({
    [parameter]: parameter === '_demographics' ? value : `${system}|${value}`,
    _type: types.join(','),
    _salt: salt,
  })
  if (period?.from !== undefined) form.append('date', `ge${period.from}`)
  if (period?.to !== undefined) form.append('date', `le${period.to}`)
  return prepareHubCall(ctx, { method: 'POST', path: '/fhir/_search', body: form.toString() }, query)
}

/** Puts who asks for what on the region's own record before the question leaves. */
async function recordRequest(
  ctx: GatewayContext,
  login: Clinician,
  { items, firstVisit, breakGlass }: Question,
  { parameter, system, value }: FoundPatient,
  { digest }: SignedHubCall,
): Promise<void> {
  const { user, profession, post, institution, terminal = null } = login
  await ctx.db.transaction((tx) =>
    recordAudit(tx, {
      kind: 'gateway.request',
      at: ctx.now(),
      detail: {
        request: digest,
        user,
        profession,
        post,
        institution,
        terminal,
        patient: parameter === '_demographics' ? { demographics: value } : { system, value },
        items,
        firstVisit: firstVisit ?? null,
        breakGlass: breakGlass?.reason ?? null,
      },
    }),
  )
}

/** Turns the hub's reply into an answer that was proven, or throws why there is none. */
async function believe(ctx: GatewayContext, request: string, reply: FetchedAnswer): Promise<CheckedAnswer> {
  const expected: AnswerExpected = {
    region: ctx.region,
    hubUrl: ctx.hubUrl,
    request,
    now: ctx.now(),
    keyOf: (kid, use) => pinnedKey(ctx, kid, [use]),
  }
  const receipt = reply.headers['tsunagi-receipt']
  try {
    if (reply.status === 200) {
      const answer = await checkAnswer({ text: reply.text, receipt }, expected)
      await keepPromise(ctx, answer.promise)
      return answer
    }
    const code = refusalOf(reply)
    if (code === 'not-provided') await keepPromise(ctx, await checkDenial(receipt, expected))
    throw shownRefusal(ctx, reply.status, code)
  } catch (cause) {
    if (!(cause instanceof AnswerCondemned)) throw cause
    await recordCondemned(ctx, request, cause)
    throw refuse('hub-answer-invalid', { cause })
  }
}

/** One leaf promised for two answers would stand in for the record of one of them. */
async function keepPromise(ctx: GatewayContext, promise: AuditPromise): Promise<void> {
  const isNew = await ctx.db.transaction((tx) => holdPromise(tx, promise, 'answer'))
  if (!isNew) throw new AnswerCondemned('promise-given-before')
}

/** Kinds by which the hub speaks to the asker; any other is between the hub and this gateway. */
const SHOWN = new Set<string>([
  'forbidden',
  'not-found',
  'malformed',
  'unprocessable',
  'too-many-requests',
  'unavailable',
])

function shownRefusal(ctx: GatewayContext, status: number, code: RefusalCode | undefined): Error {
  if (code !== undefined && SHOWN.has(REFUSALS[code].kind)) return refuse(code)
  ctx.log.error({ event: 'hub.refused', status, code }, 'The hub does not take this region’s calls.')
  return refuse('hub-refused')
}

async function recordCondemned(
  ctx: GatewayContext,
  request: string,
  { reason, region }: AnswerCondemned,
): Promise<void> {
  const detail = { request, reason, source: region ?? null }
  ctx.log.error({ event: 'answer.condemned', ...detail })
  await ctx.db.transaction((tx) => recordAudit(tx, { kind: 'answer.condemned', at: ctx.now(), detail }))
}
