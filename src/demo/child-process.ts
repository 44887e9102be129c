import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { closeSync, openSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { inheritedEnvironment } from '../config.ts'

const COMMAND = fileURLToPath(new URL('../commands/tsunagi.ts', import.meta.url))
const READY_MS = 60_000
const STOP_MS = 15_000
const POLL_MS = 50

export interface RunningCommand {
  logFile: string
  /** As if the machine had failed: no goodbye. */
  kill(): Promise<void>
  stop(): Promise<void>
}

/**
 * Runs a command of ours as a process of its own, which ends with this one however it ends: the channel between
 * the two closes. Resolves when `readyUrl` answers.
 */
export async function runCommand(
  args: readonly string[],
  environment: Record<string, string>,
  at: { logFile: string; readyUrl: string },
): Promise<RunningCommand> {
  const log = openSync(at.logFile, 'a', 0o600)
  const child = spawn(process.execPath, [COMMAND, ...args], {
    env: { ...inheritedEnvironment(), ...environment },
    stdio: ['ignore', log, log, 'ipc'],
  })
  closeSync(log)
  await ready(child, at)
  const end = async (signal: NodeJS.Signals) => {
    if (child.exitCode !== null || child.signalCode !== null) return
    const ended = once(child, 'exit')
    child.kill(signal)
    const late = setTimeout(() => child.kill('SIGKILL'), STOP_MS)
    await ended
    clearTimeout(late)
  }
  return { logFile: at.logFile, kill: () => end('SIGKILL'), stop: () => end('SIGTERM') }
}

async function ready(
  child: ChildProcess,
  { readyUrl, logFile }: { readyUrl: string; logFile: string },
): Promise<void> {
  const patience = Date.now() + READY_MS
  while (Date.now() < patience) {
    if (child.exitCode !== null) break
    const isUp = await fetch(readyUrl).then(
      ({ ok }) => ok,
      () => false,
    )
    if (isUp) return
    await new Promise((resolve) => setTimeout(resolve, POLL_MS))
  }
  child.kill('SIGKILL')
  throw new Error(`起動できませんでした。記録を確認してください。 A process did not start; see ${logFile}`)
}
