import { resolve } from 'node:path'
import { z } from 'zod'
import { ConfigError, readHubConfig } from '../config.ts'
import { checkStory, type Demo, printWhereToLook, startDemo } from '../demo/index.ts'
import { stopSignal } from './serve.ts'

const optionsSchema = z.strictObject({
  check: z.boolean().optional(),
  json: z.boolean().optional(),
  residents: z.coerce.number().int().min(20).max(20_000),
})

/** Starts hub and simulated regions; with `--check` walks the story and gives 0 when all of it held, else 1. */
export async function demo(given: object): Promise<number> {
  const parsed = optionsSchema.safeParse(given)
  if (!parsed.success) throw new ConfigError('--residents は 20〜20000 です。 --residents takes 20 to 20000.')
  const { check = false, json = false, residents } = parsed.data
  const { TSUNAGI_DATA, DATABASE_URL } = readHubConfig()
  const say = (line: string) => process.stderr.write(`${line}\n`)
  const stop = stopSignal()
  const started = startDemo({
    config: { TSUNAGI_DATA: resolve(TSUNAGI_DATA, 'demo'), DATABASE_URL },
    residents,
    hasFixedPorts: !check,
    say,
    progress: progressLine(),
  })
  await using running: Demo = await started
  if (check) return await checkStory(running, { json, say: (line) => process.stdout.write(`${line}\n`) })
  await printWhereToLook(running, say)
  await stop
  say('終了しています… stopping')
  return 0
}

/** One line rewritten on a terminal; elsewhere a line per tenth. */
function progressLine(): (done: number, of: number) => void {
  let told = 0
  return (done, of) => {
    const tenth = Math.floor((done / of) * 10)
    if (process.stderr.isTTY && (done % 25 === 0 || done === of)) {
      process.stderr.write(`\r  ${done} / ${of}${done === of ? '\n' : ''}`)
    } else if (!process.stderr.isTTY && tenth > told) {
      told = tenth
      process.stderr.write(`  ${tenth * 10} % (${done} / ${of})\n`)
    }
  }
}
