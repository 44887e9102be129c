import { type ChildProcess, fork } from 'node:child_process'

const QUICK_IMPORTS = new URL('../../src/kernel/quick-imports.ts', import.meta.url).href

/** A process of a test's own, which hears what it is to do by a message, and starts as quickly as a command. */
export function startChild(file: URL): ChildProcess {
  return fork(file, { stdio: ['ignore', 'ignore', 'inherit', 'ipc'], execArgv: ['--import', QUICK_IMPORTS] })
}
