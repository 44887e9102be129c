import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { linkIndex } from '../../src/commands/index-link.ts'
import { loadIndex } from '../../src/commands/index-load.ts'
import { addRegion } from '../../src/commands/region-add.ts'
import { HANAKO, patientOf, type ResidentRecord } from '../identity/resident.ts'
import { commandPlace } from './command-place.ts'

const SYSTEM = 'urn:oid:2.999.14.8.1'
const TEST_PATIENTS = 10_000
const FILLERS = 2_100

const lines = (prefix: string, count: number, record: ResidentRecord) =>
  Array.from({ length: count }, (_, n) =>
    JSON.stringify(patientOf({ ...HANAKO, ...record }, { system: SYSTEM, value: `${prefix}-${n}` })),
  )

test('ten thousand practice patients and two thousand of one filler date cost no more than others, join nobody and are told of', async () => {
  await using place = await commandPlace()
  const within: typeof place.run = (run) => place.run(run)
  await within(() => addRegion('minato', { patientSystem: SYSTEM }))
  const practice = { family: 'テスト', given: '患者', familyKana: 'テスト', givenKana: 'カンジャ' }
  const filler = {
    ...{ family: '田中', given: '太郎', familyKana: 'タナカ', givenKana: 'タロウ', gender: 'male' },
    ...{ birthDate: '1961-01-01', insured: null, address: null, phone: null },
  }
  const file = join(place.folder, 'fillers.ndjson')
  writeFileSync(file, [...lines('T', TEST_PATIENTS, practice), ...lines('F', FILLERS, filler)].join('\n'))
  expect((await within(() => loadIndex([file], { region: 'minato' }))).code).toBe(0)
  const said = await within(() => linkIndex({ threads: '2' }))
  expect(said.out).toMatch(/givenReading: 大きすぎて比べなかった組 blocks too large to compare 1 \(2100\)/)
  const again = await within(() => linkIndex({ threads: '2', json: true }))
  const { registrations, clusters, linked, passes } = JSON.parse(again.out) as {
    registrations: number
    clusters: number
    linked: number
    passes: { judged: number }[]
  }
  expect({ registrations, clusters, linked }).toEqual({
    ...{ registrations: TEST_PATIENTS + FILLERS, clusters: TEST_PATIENTS + FILLERS, linked: 0 },
  })
  expect(passes.reduce((sum, { judged }) => sum + judged, 0)).toBeLessThan(FILLERS)
}, 300_000)
