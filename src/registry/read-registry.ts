import type { Database, Queryable } from '../kernel/database.ts'
import { readEpoch, readEpochs } from './epochs.ts'
import type { Registry } from './registry.ts'
import { readRegister } from './store.ts'

/** Raised by the database itself with every change of a table of the register, whoever makes it. */
export const REGISTRY_EPOCH = 'registry:' as const

/** The newest version read, for each database: it is used only while the database says that it is the newest. */
const newest = new WeakMap<Queryable, Registry>()

/** The register as it is now: one look at its version, and at its tables only after a change. */
export async function readRegistry(db: Database): Promise<Registry> {
  return registryAt(db, await versionNow(db))
}

interface Looks {
  current: Promise<number> | undefined
  next: Promise<number> | undefined
}

const looks = new WeakMap<Database, Looks>()

/** The version at some moment after this call: whoever comes during a look shares the one that follows it. */
function versionNow(db: Database): Promise<number> {
  const mine = looks.get(db) ?? { current: undefined, next: undefined }
  looks.set(db, mine)
  const look = () => {
    mine.current = lookAtVersion(db).finally(() => {
      mine.current = undefined
    })
    return mine.current
  }
  if (mine.current === undefined) return look()
  mine.next ??= mine.current
    .catch(() => {})
    .then(() => {
      mine.next = undefined
      return look()
    })
  return mine.next
}

async function lookAtVersion(db: Database): Promise<number> {
  const value = await readEpoch(db, 'registry', '')
  return value ?? (await readEpochs(db, [REGISTRY_EPOCH])).get(REGISTRY_EPOCH) ?? 0
}

/** The register of that version or a newer one; `version` was read from the database just now. */
export async function registryAt(db: Database, version: number): Promise<Registry> {
  const known = newest.get(db)
  if (known?.version === version) return known
  const read = await db.transaction(
    async (tx) => {
      const epochs = await readEpochs(tx, [REGISTRY_EPOCH])
      return { ...(await readRegister(tx)), version: epochs.get(REGISTRY_EPOCH) ?? 0 }
    },
    { isolationLevel: 'repeatable read', accessMode: 'read only' },
  )
  newest.set(db, read)
  return read
}
