import { tokyoDate } from '../consent/index.ts'
import type { Query } from './read-query.ts'
import type { Viewer } from './view-store.ts'

/** Who views, for the day's counts. */
export function viewerOf({ call, claims }: Query, at: Date): Viewer {
  const { institution, user } = claims
  return { region: call.region.id, institution, user, day: tokyoDate(at) }
}
