import type { DeskForm } from '../consent/index.ts'
import { type Fault, HubError } from '../kernel/hub-error.ts'
import type { Directory } from '../registry/index.ts'
import type { GatewayContext } from './context.ts'
import { currentDirectory } from './directory-cache.ts'

/**
 * Whom a paper refuses and the directory does not name: a number that is wrong would refuse nobody. The entry counts
 * all the same, so that what else is refused on it is not lost.
 */
export async function unconfirmedRefusals(
  ctx: GatewayContext,
  { kind, refusedInstitutions, refusedRegions }: DeskForm,
): Promise<Fault[]> {
  if (kind !== 'consent' || refusedInstitutions.length + refusedRegions.length === 0) return []
  const directory = await directoryIfAny(ctx)
  const institutions = new Set(directory?.institutions.map(({ number }) => number))
  const regions = new Set(directory?.regions.map(({ id }) => id))
  return [
    ...unconfirmed('refusedInstitutions', refusedInstitutions, institutions),
    ...unconfirmed('refusedRegions', refusedRegions, regions),
  ]
}

const WORDS = {
  refusedInstitutions: { ja: '拒否機関', en: 'the refused institutions' },
  refusedRegions: { ja: '拒否地域', en: 'the refused regions' },
} as const

function unconfirmed(
  at: keyof typeof WORDS,
  refused: readonly string[],
  known: ReadonlySet<string>,
): Fault[] {
  const { ja, en } = WORDS[at]
  return refused.flatMap((each, place) =>
    known.has(each)
      ? []
      : [
          {
            at,
            ja: `${ja}の${place + 1}番目は、参加機関の一覧で確かめられません。拒否は記録しました。誤りであれば、別の受付番号で入力し直してください。`,
            en: `No. ${place + 1} of ${en} is not found in the directory. The refusal is kept; if it is wrong, enter the paper again under another receipt number.`,
          },
        ],
  )
}

/** While the hub cannot be reached the last one may be too old; then nobody is confirmed. */
async function directoryIfAny(ctx: GatewayContext): Promise<Directory | undefined> {
  try {
    return (await currentDirectory(ctx)).directory
  } catch (error) {
    if (error instanceof HubError && error.kind === 'unavailable') return undefined
    throw error
  }
}
