import { on, once } from 'node:events'
import { closeSync, mkdtempSync, openSync, rmSync, writeSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { registration } from '../../../src/identity/tables.ts'
import { startChild } from '../../support/start-child.ts'
import { MINATO, testIndex } from '../index-app.ts'
import { HANAKO, patientOf } from '../resident.ts'
import type { LoadChildProgress, LoadChildStart } from './load-child.ts'

const MIB = 2 ** 20
// The smaller too fills all that is read ahead.
const SMALL_BYTES = 160 * MIB
const LARGE_BYTES = 560 * MIB
const LONG_LINE = `{"resourceType":"Patient","text":"${'x'.repeat(100 * 1024)}`
const LONG_LINES_A_PATIENT = 200

/** Patients among lines that are long and no JSON; gives how many of each. */
function writeFile(file: string, size: number): { patients: number; broken: number } {
  const written = openSync(file, 'w')
  let [patients, broken] = [0, 0]
  for (let bytes = 0; bytes < size; bytes += LONG_LINES_A_PATIENT * LONG_LINE.length) {
    const own = { system: MINATO.patientSystem, value: `M-${patients++}` }
    writeSync(written, `${JSON.stringify(patientOf(HANAKO, own))}\n`)
    writeSync(written, `${LONG_LINE}\n`.repeat(LONG_LINES_A_PATIENT))
    broken += LONG_LINES_A_PATIENT
  }
  closeSync(written)
  return { patients, broken }
}

/** The most memory that a process took to load a file of that size. */
async function memoryToLoad(size: number): Promise<number> {
  const folder = mkdtempSync(join(tmpdir(), 'tsunagi-large-'))
  try {
    await using t = await testIndex()
    const file = join(folder, 'residents.ndjson')
    const { patients, broken } = writeFile(file, size)
    const child = startChild(new URL('./load-child.ts', import.meta.url))
    const ended = once(child, 'exit')
    child.send({ target: t.target, file, region: 'minato', batchLines: 10_000 } satisfies LoadChildStart)
    const told: LoadChildProgress[] = []
    for await (const [each] of on(child, 'message', { close: ['disconnect'] })) told.push(each)
    expect(await ended).toEqual([0, null])
    const lines = told.map(({ line }) => line)
    expect(lines.length).toBeGreaterThan(size / (20 * MIB))
    expect(lines).toEqual(lines.toSorted((a, b) => a - b))
    expect(lines.at(-1)).toBe(patients + broken)
    expect(await t.context.db.$count(registration)).toBe(patients)
    return Math.max(...told.map(({ rssBytes }) => rssBytes))
  } finally {
    rmSync(folder, { recursive: true, force: true })
  }
}

test('F8: a file more than three times as large takes no more memory, and says all the way how far it is', async () => {
  const [small, large] = [await memoryToLoad(SMALL_BYTES), await memoryToLoad(LARGE_BYTES)]
  expect(large - small).toBeLessThan((LARGE_BYTES - SMALL_BYTES) / 2)
}, 120_000)
