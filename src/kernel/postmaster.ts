import { execFileSync } from 'node:child_process'
import { existsSync, readFileSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { setTimeout as pause } from 'node:timers/promises'

const POLL_MS = 20
const ORPHAN_STOP_MS = 30_000

/** What postmaster.pid says; undefined where there is none, so no server or one that was stopped in order. */
export function postmasterOf(data: string): { pid: number; state: string } | undefined {
  try {
    const lines = readFileSync(join(data, 'postmaster.pid'), 'utf8').split('\n')
    return { pid: Number(lines[0]), state: (lines[7] ?? '').trim() }
  } catch {
    return undefined
  }
}

/** Stops a server which lost its keeper and guard, and removes the lock file of one that is dead. */
export async function stopOrphan(data: string): Promise<void> {
  const orphan = postmasterOf(data)
  if (orphan !== undefined && isServer(orphan.pid, data)) {
    process.kill(orphan.pid, 'SIGINT')
    const patience = Date.now() + ORPHAN_STOP_MS
    while (isServer(orphan.pid, data) && Date.now() < patience) await pause(POLL_MS)
    if (isServer(orphan.pid, data)) process.kill(orphan.pid, 'SIGQUIT')
    while (isServer(orphan.pid, data)) await pause(POLL_MS)
  }
  rmSync(join(data, 'postmaster.pid'), { force: true })
}

/** Whether the process is a server on this folder, not another one which was given a dead server's number. */
function isServer(pid: number, data: string): boolean {
  if (!Number.isSafeInteger(pid) || pid <= 1) return false
  try {
    const command = existsSync('/proc/self/cmdline')
      ? readFileSync(`/proc/${pid}/cmdline`, 'utf8').replaceAll('\0', ' ')
      : execFileSync('ps', ['-ww', '-o', 'command=', '-p', String(pid)], { encoding: 'utf8' })
    return command.includes(` -D ${data} `)
  } catch {
    return false
  }
}
