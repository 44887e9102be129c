import { DatabaseSync } from 'node:sqlite'

const SQLITE_BUSY = 5

/**
 * Held by the kernel, so it is gone when its holder is, however that ended: an exclusive transaction on an empty
 * SQLite file is the one such lock Node offers on every system. Undefined while another process holds it.
 */
export function holdLock(path: string): Disposable | undefined {
  const held = new DatabaseSync(path)
  try {
    held.exec('begin exclusive')
  } catch (error) {
    held.close()
    if (error instanceof Error && Reflect.get(error, 'errcode') === SQLITE_BUSY) return undefined
    throw error
  }
  return { [Symbol.dispose]: () => held.close() }
}
