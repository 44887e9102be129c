import { HubError } from '../../kernel/hub-error.ts'
import type { GatewayContext } from '../context.ts'
import { currentDirectory } from '../directory-cache.ts'

/** What regions and institutions are called; by their ids while nobody can say. */
export interface Names {
  region(id: string): string
  institution(number: string): string
  regions: readonly { id: string; name: string }[]
}

/** From the directory. The desk stops sharing also while the hub is away, so that names may be lacking. */
export async function namesOf(ctx: GatewayContext): Promise<Names> {
  const { regions, institutions } = await knownDirectory(ctx)
  return {
    region: (id) => regions.find((each) => each.id === id)?.name ?? id,
    institution: (number) => institutions.find((each) => each.number === number)?.name ?? number,
    regions,
  }
}

async function knownDirectory(ctx: GatewayContext) {
  try {
    return (await currentDirectory(ctx)).directory
  } catch (error) {
    if (error instanceof HubError && error.kind === 'unavailable') return { regions: [], institutions: [] }
    throw error
  }
}

/** What a code is called; itself where nobody named it. */
export function wordOf(words: Readonly<Record<string, { ja: string }>>, code: string): string {
  return Object.hasOwn(words, code) ? (words[code]?.ja ?? code) : code
}
