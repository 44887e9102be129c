import { releaseKeys } from './linkage/index.ts'
import type { Features } from './normalise/index.ts'

const known = new WeakMap<Features, bigint[]>()

/** As `releaseKeys`, once for each registration that is decided about: several steps ask for them. */
export function keysOf(features: Features): readonly bigint[] {
  const keys = known.get(features) ?? releaseKeys(features)
  known.set(features, keys)
  return keys
}
