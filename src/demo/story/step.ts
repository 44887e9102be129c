import type { Demo } from '../start-demo.ts'

/** One thing the story shows. `run` says what it saw, or throws what it did not. */
export interface Step {
  ja: string
  en: string
  run(demo: Demo): Promise<string>
}

/** A step's claim that did not hold. */
export class NotShown extends Error {
  override readonly name = 'NotShown'
}

export function expectThat(condition: unknown, what: string): asserts condition {
  if (!condition) throw new NotShown(what)
}
