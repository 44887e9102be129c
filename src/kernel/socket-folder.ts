import { createHash } from 'node:crypto'
import { lstatSync, mkdirSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { nobodyIds } from './postgres-binaries.ts'
import { embeddedRefusal } from './postgres-refusals.ts'

/** Linux takes 107 bytes for a socket's path, macOS 103; `/.s.PGSQL.5432.lock` and our own part need the rest. */
const TEMPORARY_FOLDER_BYTES_MAX = 55

/**
 * A short folder for the sockets of a data folder, the same for every process that opens it. PostgreSQL trusts
 * whoever reaches its socket, so the folder must be ours alone: anyone may have made one of that name in /tmp.
 */
export function socketFolderOf(folder: string): string {
  const base = Buffer.byteLength(tmpdir()) <= TEMPORARY_FOLDER_BYTES_MAX ? tmpdir() : '/tmp'
  const path = join(base, `tsunagi-${createHash('sha256').update(folder).digest('hex').slice(0, 16)}`)
  mkdirSync(path, { recursive: true, mode: 0o700 })
  const { mode, uid } = lstatSync(path)
  if ((mode & 0o170_777) !== 0o040_700 || !ownersOfServer().includes(uid)) {
    throw embeddedRefusal('socket-folder-unsafe', path)
  }
  return path
}

/** Root's server runs as nobody, who then owns the folder. */
function ownersOfServer(): (number | undefined)[] {
  const own = process.geteuid?.()
  return own === 0 ? [own, nobodyIds().uid] : [own]
}
