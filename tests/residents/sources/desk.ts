import type { Card } from '../population/insurers.ts'
import { onDay } from '../population/person.ts'
import type { Random } from '../random.ts'
import type { Draft } from './draft.ts'

/** Cards a reception desk may still have at hand; as many as this are remembered. */
const CARDS_AT_HAND = 256
/** Local ids lately given, one of which a region may give again. */
const IDS_AT_HAND = 64

/** A region's reception: gives local ids, and now and then mixes up what lies about. */
export interface Desk {
  nextId(): string
  usedId(random: Random): string | undefined
  /** Another patient's card, rather one of the same surname; undefined on the first day. */
  cardOfAnother(random: Random, draft: Draft): Card | undefined
  remember(draft: Draft): void
}

export function openDesk(region: number): Desk {
  let issued = 0
  const ids: string[] = []
  const cards: { person: string; family: string; card: Card }[] = []
  return {
    nextId() {
      const id = String((++issued * 48_271 + region * 1_234_567) % 99_999_989).padStart(8, '0')
      ids[issued % IDS_AT_HAND] = id
      return id
    },
    usedId: (random) => (ids.length < 2 ? undefined : ids[random.below(ids.length)]),
    cardOfAnother(random, draft) {
      const others = cards.filter(({ person }) => person !== draft.person.id)
      const alike = others.filter(({ family }) => family === draft.kana?.family)
      const from = alike.length > 0 ? alike : others
      return from.length === 0 ? undefined : { ...random.pick(from).card }
    },
    remember({ person, day, kana }) {
      const card = onDay(person.cards, day)
      if (card === undefined) return
      cards[issued % CARDS_AT_HAND] = { person: person.id, family: kana?.family ?? '', card }
    },
  }
}
