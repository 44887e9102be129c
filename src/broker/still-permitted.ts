import type { PermittedSource } from './ask-sources.ts'
import type { Decision } from './decide-sources.ts'

/** Same person, same registration there, and every item asked of it still permitted. */
export function stillPermitted(now: Decision, before: Decision, source: PermittedSource): boolean {
  if (now.person === undefined || now.person.id !== before.person?.id) return false
  const again = now.verdicts.find(({ region }) => region.id === source.region.id)
  if (again?.localId !== source.localId || again.verdict.verdict !== 'permit') return false
  const { items } = again.verdict
  return source.items.every((item) => items.includes(item))
}
