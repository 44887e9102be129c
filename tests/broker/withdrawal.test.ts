import { expect, test } from 'vitest'
import { consentIn, queryCall, type TestHub } from '../support/test-hub.ts'
import { allergy, HONEST, readAnswer, records, threeRegions } from './ask-three.ts'

/** Cases D9 and D10; D11, the race on two instances, is in races.test.ts. */
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
