import { dayOf } from '../days.ts'
import type { Random } from '../random.ts'
import type { Draft } from './draft.ts'
import { BRANCH_MISSING_BEFORE_2021, type Source } from './profiles.ts'
import { ADDRESS_SPOILERS } from './spoil-address.ts'
import { BIRTH_SPOILERS } from './spoil-birth-date.ts'
import { CARD_SPOILERS } from './spoil-card.ts'
import { KANA_SPOILERS } from './spoil-kana.ts'
import { NAME_SPOILERS } from './spoil-name.ts'
import type { Spoilers } from './spoilers.ts'

const SPOILERS: Spoilers = {
  ...NAME_SPOILERS,
  ...KANA_SPOILERS,
  ...BIRTH_SPOILERS,
  ...ADDRESS_SPOILERS,
  ...CARD_SPOILERS,
}

const BRANCHES_FROM = dayOf(2021, 3, 1)

/** Lets a source's habits and slips loose on a draft, and notes those that left a mark. */
export function spoil(draft: Draft, source: Source, random: Random): void {
  for (const [cause, usual] of source.rates) {
    const isEarly = cause === 'branch-missing' && draft.day < BRANCHES_FROM
    if (!random.chance(isEarly ? Math.max(usual, BRANCH_MISSING_BEFORE_2021) : usual)) continue
    if (SPOILERS[cause]?.(draft, random)) draft.causes.add(cause)
  }
  if (!random.chance(source.phoneShare)) {
    draft.mobile = undefined
    draft.landline = undefined
  } else if (random.chance(0.5)) draft.landline = undefined
}
