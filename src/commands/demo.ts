import { resolve } from 'node:path'
import { z } from 'zod'
import { readHubConfig } from '../config.ts'
import {
  checkStory,
  type Demo,
  holdDatabase,
  holdFolder,
  openEhrPages,
  printWhereToLook,
  startDemo,
} from '../demo/index.ts'
import { stopSignal } from './serve.ts'
import { readArguments } from './usage-error.ts'

const optionsSchema = z.strictObject({
  check: z.boolean().optional(),
  json: z.boolean().optional(),
  residents: z.coerce.number().int().min(20).max(20_000),
})

/** How often to look whether whoever started this is still there. */
const LOOK_MS = 500

const ARGUMENTS = {
  residents: { name: '--residents', ja: '20〜20000 の整数。', en: 'A whole number from 20 to 20000.' },
}

/** Starts hub and simulated regions; with `--check` walks the story and gives 0 when all of it held, else 1. */
export async function demo(given: object): Promise<number> {
  const { check = false, json = false, residents } = readArguments(optionsSchema, given, ARGUMENTS)
  const { TSUNAGI_DATA, DATABASE_URL } = readHubConfig()
  const folder = resolve(TSUNAGI_DATA, 'demo')
  using _held = holdFolder(folder)
  await using heldToo = DATABASE_URL === undefined ? undefined : await holdDatabase(DATABASE_URL, folder)
  const say = (line: string) => process.stderr.write(`${line}\n`)
  using starter = watchStarter()
  let code = 0
  const taken = heldToo?.taken.then(() => {
    say(
      'データベースとの接続が切れ、別のデモが始まりました。 The database was lost, and another demonstration has begun.',
    )
    code = 1
  })
  const stop = Promise.race([stopSignal(), starter.gone, ...(taken === undefined ? [] : [taken])])
  const goodbye = () => say('終了しています… stopping')
  const starting = startDemo({
    config: { TSUNAGI_DATA: folder, DATABASE_URL },
    residents,
    hasFixedPorts: !check,
    say,
    progress: progressLine(),
  })
  /** Neither a start nor a story is worth finishing, and whatever it has started ends with this process. */
  const leaveAtOnce = (): never => {
    goodbye()
    process.exit(check ? 1 : code)
  }
  const started = await Promise.race([starting, stop])
  if (started === undefined) return leaveAtOnce()
  await using running: Demo = started
  if (check) {
    void stop.then(leaveAtOnce)
    return await checkStory(running, { json, say: (line) => process.stdout.write(`${line}\n`) })
  }
  await using pages = await openEhrPages(running)
  await printWhereToLook(running, pages, say)
  await stop
  goodbye()
  return code
}

/** Tells when whoever started this process has gone, as npm killed: nobody is left to press Ctrl-C. */
function watchStarter(): { gone: Promise<void> } & Disposable {
  const starter = process.ppid
  const { promise, resolve } = Promise.withResolvers<void>()
  const timer = setInterval(() => process.ppid !== starter && resolve(), LOOK_MS)
  return { gone: promise, [Symbol.dispose]: () => clearInterval(timer) }
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
