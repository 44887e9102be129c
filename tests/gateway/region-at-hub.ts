import { patientIn, SYSTEM_OF } from '../support/sample-calls.ts'
import { register, testHub } from '../support/test-hub.ts'
import { COUNCIL, FEED, testRegion } from './local-region.ts'

/** The region's gateway before the real hub, and a resident known to both and to another region. */
export async function regionAtHub(overrides: Parameters<typeof testHub>[0] = {}) {
  await using stack = new AsyncDisposableStack()
  const hub = stack.use(await testHub(overrides))
  const region = stack.use(
    await testRegion({
      hub: {
        url: hub.url,
        key: hub.keys.minato,
        pins: [hub.hub.keys.receipt, hub.hub.keys.directory].map((each) => [each, 'hub'] as const),
      },
    }),
  )
  await register(hub, 'shiokaze', 'p-1')
  await register(hub, 'minato', 'm-1', { consent: false })
  const send = async (method: string, path: string, body: object = {}, login: object = COUNCIL) =>
    fetch(`${region.url}${path}`, {
      method,
      headers: {
        authorization: `Bearer ${await region.login(login)}`,
        'content-type': 'application/fhir+json',
      },
      ...(method === 'GET' ? {} : { body: JSON.stringify(body) }),
    })
  const identifier = encodeURIComponent(`${SYSTEM_OF.minato}|m-1`)
  await send('PUT', `/fhir/Patient?identifier=${identifier}`, patientIn('minato', 'm-1'), FEED)
  const held = stack.move()
  return { hub, region, send, [Symbol.asyncDispose]: () => held.disposeAsync() }
}
