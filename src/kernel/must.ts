/** For what only a bug can break. What a partner can cause is a HubError, never this. */
export function must(condition: unknown, invariant: string): asserts condition {
  if (!condition) throw new Error(`Invariant broken: ${invariant}`)
}

/** The value itself, when a bug is the only way for it to be missing. */
export function present<T>(value: T | undefined | null, invariant: string): T {
  must(value !== undefined && value !== null, invariant)
  return value
}
