import { HubError } from '../../kernel/hub-error.ts'
import type { Demo } from '../start-demo.ts'
import { answered } from './answered.ts'
import { condemned } from './condemned.ts'
import { down } from './down.ts'
import { forged } from './forged.ts'
import { keyReplaced } from './key-replaced.ts'
import { linked } from './linked.ts'
import { proven } from './proven.ts'
import { refusedAlike } from './refused-alike.ts'
import type { Step } from './step.ts'
import { unregistered } from './unregistered.ts'
import { watched } from './watched.ts'

/** The story, in order; each part leaves the networks as it found them, but for a withdrawal. */
const STORY_STEPS: readonly Step[] = [
  ...linked,
  ...answered,
  ...unregistered,
  ...forged,
  ...keyReplaced,
  ...down,
  ...condemned,
  ...refusedAlike,
  ...proven,
  ...watched,
]

/** Walks the story and prints what each step showed. 0 when all of it held, else 1. */
export async function checkStory(
  demo: Demo,
  output: { json: boolean; say: (line: string) => void },
): Promise<number> {
  let failed = 0
  for (const [index, step] of STORY_STEPS.entries()) {
    const started = performance.now()
    const { ok, showed } = await walk(step, demo)
    if (!ok) failed += 1
    const ms = Math.round(performance.now() - started)
    const { ja, en } = step
    output.say(
      output.json
        ? JSON.stringify({ step: index + 1, ja, en, ok, showed, ms })
        : `${String(index + 1).padStart(2)} ${ok ? '○ ok    ' : '× FAILED'} ${ja} ${en}\n              ${showed} (${ms} ms)`,
    )
  }
  const passed = STORY_STEPS.length - failed
  output.say(output.json ? JSON.stringify({ passed, failed }) : `${passed} passed, ${failed} failed`)
  return failed === 0 ? 0 : 1
}

async function walk(step: Step, demo: Demo): Promise<{ ok: boolean; showed: string }> {
  try {
    return { ok: true, showed: await step.run(demo) }
  } catch (error) {
    const said = error instanceof HubError ? error.code : error instanceof Error ? error.message : 'unknown'
    return { ok: false, showed: said }
  }
}
