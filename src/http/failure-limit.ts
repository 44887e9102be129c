/** How many refused calls a peer may make at once, and how many a second after that. */
const BURST_MAX = 60
const PER_SECOND = 20
const PEERS_MAX = 10_000

interface Bucket {
  left: number
  at: number
}

/**
 * Holds back a peer whose signatures keep failing, so that one region's flood costs the others nothing.
 * Counted by certificate or address, never by what an unverified token claims: else anybody could silence a region.
 */
export function failureLimit() {
  const buckets = new Map<string, Bucket>()

  function bucketOf(peer: string, atMs: number): Bucket {
    const known = buckets.get(peer) ?? { left: BURST_MAX, at: atMs }
    // A clock that is set back must not hold back everybody who ever called.
    const passed = Math.max(0, atMs - known.at)
    const left = Math.min(BURST_MAX, known.left + (passed / 1000) * PER_SECOND)
    const bucket = { left, at: atMs }
    buckets.delete(peer)
    buckets.set(peer, bucket)
    const oldest = buckets.keys().next().value
    if (buckets.size > PEERS_MAX && oldest !== undefined) buckets.delete(oldest)
    return bucket
  }

  return {
    /** Whether the peer has failed too often to be listened to now. */
    isHeld: (peer: string, atMs: number): boolean => bucketOf(peer, atMs).left < 1,
    /** A call that was listened to has failed. That it began a while ago must not count the time since twice. */
    failed: (peer: string): void => {
      const bucket = buckets.get(peer)
      if (bucket !== undefined) bucket.left -= 1
    },
  }
}
