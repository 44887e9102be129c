import { expect, test } from 'vitest'
import { startFhirServer } from '../../src/demo/fhir-server.ts'

const about = (id: string) => ({
  resourceType: 'Condition',
  id: `c-${id}`,
  subject: { reference: `Patient/${id}` },
  code: { text: id },
})
const resources = [
  { resourceType: 'Patient', id: 'a' },
  { resourceType: 'Patient', id: 'b' },
  about('a'),
  about('b'),
]

async function setup() {
  const server = await startFhirServer({ resources })
  const ask = (signal?: AbortSignal) =>
    fetch(`${server.url}/Condition?patient=Patient/a`, signal ? { signal } : undefined)
  return { ...server, server, ask }
}

test('down: the connection is cut, and works again afterwards', async () => {
  await using t = await setup()
  t.server.setFault('down')
  await expect(t.ask()).rejects.toThrow()
  t.server.setFault('none')
  expect((await t.ask()).status).toBe(200)
})

test('slow: the answer is late by what was set, and an impatient client is let go', async () => {
  await using t = await setup()
  t.server.setFault('slow:60')
  const asked = performance.now()
  expect((await t.ask()).status).toBe(200)
  expect(performance.now() - asked).toBeGreaterThanOrEqual(55)
  t.server.setFault('slow:60000')
  await expect(t.ask(AbortSignal.timeout(30))).rejects.toThrow()
})

test('wrong-person: a well-formed answer about somebody else', async () => {
  await using t = await setup()
  t.server.setFault('wrong-person')
  expect(await (await t.ask()).json()).toMatchObject({
    total: 1,
    entry: [{ resource: { subject: { reference: 'Patient/b' } } }],
  })
})

test('error-500 answers with an OperationOutcome, html with a page', async () => {
  await using t = await setup()
  t.server.setFault('error-500')
  const failed = await t.ask()
  expect(failed.status).toBe(500)
  expect(await failed.json()).toMatchObject({ resourceType: 'OperationOutcome' })
  t.server.setFault('html')
  const page = await t.ask()
  expect([page.status, page.headers.get('content-type')]).toEqual([200, 'text/html; charset=utf-8'])
})

test('closing ends open connections at once', async () => {
  const t = await setup()
  t.server.setFault('slow:60000')
  const asked = t.ask()
  asked.catch(() => undefined)
  await t.server.close()
  await expect(asked).rejects.toThrow()
})
