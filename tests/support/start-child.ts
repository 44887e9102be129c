import { type ChildProcess, fork } from 'node:child_process'

/** Of Node, for a process that starts as quickly as a command. */
export const QUICKLY = ['--import', new URL('../../src/kernel/quick-imports.ts', import.meta.url).href]

/** A process of a test's own, which hears what it is to do by a message. */
export function startChild(file: URL): ChildProcess {
  return fork(file, { stdio: ['ignore', 'ignore', 'inherit', 'ipc'], execArgv: QUICKLY })
}
