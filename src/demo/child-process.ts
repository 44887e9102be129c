import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { closeSync, openSync } from 'node:fs'
import { setTimeout as wait } from 'node:timers/promises'
import { fileURLToPath } from 'node:url'
import { inheritedEnvironment } from '../config.ts'

const COMMAND = fileURLToPath(new URL('../commands/tsunagi.ts', import.meta.url))
const READY_MS = 60_000
const STOP_MS = 15_000
/** How a command ends whose configuration it cannot work with, as with a port that somebody has. */
const EXIT_CONFIGURATION = 3

export interface RunningCommand {
  logFile: string
  /** As if the machine had failed: no goodbye. */
  kill(): Promise<void>
  stop(): Promise<void>
}

/** A process could not listen where it was to: somebody else took the port before it did. */
export class PortTaken extends Error {
  override name = 'PortTaken'
}

/**
 * Runs a command of ours as a process of its own, which ends with this one however it ends: the channel between
 * the two closes. Resolves when it says that it listens.
 */
export async function runCommand(
  args: readonly string[],
  environment: Record<string, string>,
  logFile: string,
): Promise<RunningCommand> {
  const log = openSync(logFile, 'a', 0o600)
  const child = spawn(process.execPath, [COMMAND, ...args], {
    env: { ...inheritedEnvironment(), ...environment },
    stdio: ['ignore', log, log, 'ipc'],
  })
  closeSync(log)
  await listening(child, logFile)
  const end = async (signal: NodeJS.Signals) => {
    if (child.exitCode !== null || child.signalCode !== null) return
    const ended = once(child, 'exit')
    child.kill(signal)
    const late = setTimeout(() => child.kill('SIGKILL'), STOP_MS)
    await ended
    clearTimeout(late)
  }
  return { logFile, kill: () => end('SIGKILL'), stop: () => end('SIGTERM') }
}

async function listening(child: ChildProcess, logFile: string): Promise<void> {
  const told = await Promise.race([
    once(child, 'message').then(() => true),
    once(child, 'exit').then(() => false),
    wait(READY_MS, false, { ref: false }),
  ])
  if (told) return
  child.kill('SIGKILL')
  const Fault = child.exitCode === EXIT_CONFIGURATION ? PortTaken : Error
  throw new Fault(`起動できませんでした。記録を確認してください。 A process did not start; see ${logFile}`)
}
