import { expect, test } from 'vitest'
import { startFhirServer } from '../../src/demo/fhir-server.ts'
import { buildWorld, REGION_IDS } from '../../src/demo/world/index.ts'

/** Milliseconds of processor time since then: another's work on the machine does not count. */
function cpuMsSince(before: NodeJS.CpuUsage): number {
  const { user, system } = process.cpuUsage(before)
  return (user + system) / 1_000
}

test('15,000 resources are loaded within 3 s and one patient’s are found within 5 ms', async () => {
  const world = buildWorld({ today: new Date('2026-11-20T03:00:00Z') })
  const resources = REGION_IDS.flatMap((region) => world.resourcesOf(region))
  expect(resources.length).toBeGreaterThan(15_000)

  const started = process.cpuUsage()
  await using server = await startFhirServer({ resources })
  expect(cpuMsSince(started)).toBeLessThan(3_000)

  const times: number[] = []
  for (const { patientId } of world.registrations.slice(0, 60)) {
    const asked = process.cpuUsage()
    const response = await fetch(`${server.url}/Observation?patient=Patient/${patientId}`)
    await response.text()
    times.push(cpuMsSince(asked))
  }
  expect(times.sort((a, b) => a - b)[30]).toBeLessThan(5)
})
