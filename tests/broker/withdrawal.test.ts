import { expect, test } from 'vitest'
import { secondHub } from '../support/second-hub.ts'
import { consentIn, queryCall, type TestHub } from '../support/test-hub.ts'
import { allergy, HONEST, readAnswer, records, threeRegions } from './ask-three.ts'

/** Cases D9 to D11: a withdrawal that was acknowledged holds for every release after it, on every instance. */
const ROUNDS = 40
const FROM_MINATO = allergy('from-minato')

function consent(version: number, status: 'active' | 'inactive') {
  const body = JSON.stringify(consentIn('minato', 'm-1', { meta: { versionId: String(version) }, status }))
  return { method: 'POST', path: '/fhir/Consent', body }
}

async function withdraw(t: TestHub, version = 2): Promise<void> {
  const response = await t.send('minato', consent(version, 'inactive'))
  expect(response.status, await response.text()).toBe(201)
}

test('D10: one source is withdrawn while another is pending: the other’s answer goes out, and the log says what did', async () => {
  await using t = await threeRegions()
  const answered = Promise.withResolvers<void>()
  t.gateways.minato.answers(() => {
    answered.resolve()
    return { resources: [FROM_MINATO] }
  })
  t.gateways.sagamino.answers(async () => {
    await answered.promise
    await withdraw(t)
    return { resources: [HONEST] }
  })
  const { text, states, bundle } = await readAnswer(await t.send('shiokaze', queryCall('shiokaze')))
  expect(states).toEqual({ sagamino: 'complete' })
  expect(bundle.meta.tag[0].code).toBe('complete')
  expect(text).not.toMatch(/from-minato|minato/)
  const [attempt] = await records(t, 'query.attempt')
  expect(attempt?.verdicts).toMatchObject([{ region: 'minato', verdict: 'permit' }, { region: 'sagamino' }])
  const [release] = await records(t, 'query.release')
  expect(release?.sources).toEqual([
    expect.objectContaining({ region: 'minato', state: 'denied', count: 0, receipt: expect.any(String) }),
    expect.objectContaining({ region: 'sagamino', state: 'complete', count: 1, receipt: expect.any(String) }),
  ])
})

test('D9: the only source is withdrawn while it is asked: asked, not released, and refused as anybody is', async () => {
  await using t = await threeRegions()
  t.gateways.sagamino.answers(() => ({ status: 'denied', httpStatus: 403 }))
  t.gateways.minato.answers(async () => {
    await withdraw(t)
    return { resources: [FROM_MINATO] }
  })
  const response = await t.send('shiokaze', queryCall('shiokaze'))
  expect(response.status).toBe(403)
  expect(await response.text()).not.toMatch(/from-minato|minato/)
  const [release] = await records(t, 'query.release')
  expect(release?.sources).toMatchObject([
    { region: 'minato', state: 'denied', count: 0 },
    { region: 'sagamino', state: 'denied', count: 0 },
  ])
  expect(await records(t, 'query.denial')).toHaveLength(1)
})

test(`D11: withdrawal racing release on two instances, ${ROUNDS} rounds: released before it, or not at all`, async () => {
  await using t = await threeRegions()
  await using other = await secondHub(t)
  t.gateways.minato.answers(() => ({ resources: [FROM_MINATO] }))
  const outcomes = { released: 0, withheld: 0 }
  for (let round = 0; round < ROUNDS; round++) {
    expect((await t.send('minato', consent(2 * round + 2, 'active'))).status).toBe(201)
    const query = t.send('shiokaze', queryCall('shiokaze'))
    // Spread over the life of a query, so that it meets every step of it.
    const asked = t.gateways.minato.calls.length
    for (let turn = 0; turn < round % 8 && t.gateways.minato.calls.length === asked; turn++)
      await tick(turn * 3)
    const withdrawn = t.send('minato', { ...consent(2 * round + 3, 'inactive'), to: other.url })
    const [answer, acknowledged] = await Promise.all([query, withdrawn])
    expect(acknowledged.status, await acknowledged.text()).toBe(201)
    const { text } = await readAnswer(answer)
    outcomes[text.includes(FROM_MINATO) ? 'released' : 'withheld'] += 1
  }
  const log = await t.db.execute<{ kind: string; given: boolean }>(releasesAndConsents)
  let isWithdrawn = false
  for (const { kind, given } of log) {
    if (kind === 'consent.recorded') isWithdrawn = false
    if (kind === 'consent.withdrawn') isWithdrawn = true
    if (kind === 'query.release') expect(given && isWithdrawn).toBe(false)
  }
  expect(outcomes.released + outcomes.withheld).toBe(ROUNDS)
}, 60_000)

const tick = (ms: number) => new Promise((resolve) => setTimeout(resolve, ms))

/** In the order of the log, which is that of the locks: whether a release gave anything of minato's. */
const releasesAndConsents = `
  select kind, coalesce(jsonb_path_exists(detail::jsonb, '$.sources[*] ? (@.region == "minato" && @.count > 0)'), false) as given
    from audit_entry join audit_detail on entry = number
   where kind in ('query.release', 'consent.recorded', 'consent.withdrawn') order by number`
