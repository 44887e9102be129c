import { type Card, DUMMY_CARDS } from '../population/insurers.ts'
import { onDay } from '../population/person.ts'
import type { Random } from '../random.ts'
import type { Draft } from './draft.ts'
import { fullWidth } from './spoil-name.ts'
import type { Spoilers } from './spoilers.ts'

/** What goes wrong in an insured number; that of another patient is handed in by the desk (make-records.ts). */
export const CARD_SPOILERS: Spoilers = {
  'card-missing': (draft) => {
    if (draft.card === undefined) return false
    draft.card = undefined
    return true
  },
  'dummy-card': (draft, random) => {
    draft.card = { ...random.pick(DUMMY_CARDS) }
    return true
  },
  'branch-of-relative': (draft) => {
    const { card } = draft
    if (card === undefined || card.branch === '') return false
    card.branch = String(Math.max(0, Number(card.branch) + (card.branch === '00' ? 1 : -1))).padStart(2, '0')
    return true
  },
  'card-mistyped': (draft, random) =>
    changeCard(draft, (card) => {
      const place = random.below(card.number.length)
      const digit = (Number(card.number[place]) + 1 + random.below(9)) % 10
      card.number = `${card.number.slice(0, place)}${digit}${card.number.slice(place + 1)}`
    }),
  'branch-missing': (draft) =>
    changeCard(draft, (card) => {
      card.branch = ''
    }),
  'leading-noughts-dropped': (draft) =>
    changeCard(draft, (card) => {
      card.number = card.number.replace(/^0+(?=.)/, '')
    }),
  'leading-noughts-added': (draft) =>
    changeCard(draft, (card) => {
      if (onDay(draft.person.cards, draft.day)?.number.length !== 8)
        card.number = card.number.padStart(8, '0')
    }),
  'symbol-residue': (draft, random) =>
    changeCard(draft, (card) => {
      card.symbol = withResidue(random, card.symbol)
    }),
  'insurer-unpadded': (draft) =>
    changeCard(draft, (card) => {
      card.insurer = card.insurer.replace(/^00/, '')
    }),
  'full-width-card': (draft) =>
    changeCard(draft, (card) => {
      card.symbol = card.symbol.replace(/[0-9]/g, fullWidth)
      card.number = card.number.replace(/[0-9]/g, fullWidth)
    }),
}

function withResidue(random: Random, symbol: string): string {
  if (symbol === '') return symbol
  if (/^\d+$/.test(symbol) && symbol.length >= 4 && random.chance(0.5)) {
    return `${symbol.slice(0, -3)}-${symbol.slice(-3)}`
  }
  return random.pick([`第${symbol}号`, `${symbol}-`, ` ${symbol}`, symbol.replace('・', '-'), `${symbol}号`])
}

function changeCard(draft: Draft, change: (card: Card) => void): boolean {
  const { card } = draft
  if (card === undefined) return false
  const changed = { ...card }
  change(changed)
  const fields = ['insurer', 'symbol', 'number', 'branch'] as const
  if (fields.every((field) => changed[field] === card[field])) return false
  draft.card = changed
  return true
}
