import type { Cause } from './causes.ts'

/** How often a source spoils a record for a cause, in the order in which it does: first what it knows, then how it writes. */
const USUAL_RATES: readonly (readonly [Cause, number])[] = [
  ['protected-address', 0.9],
  ['alias-only', 0.25],
  ['alias-given', 0.4],
  ['former-name-given', 0.3],
  ['newborn-placeholder', 0.6],
  ['birth-digit-mistyped', 0.0012],
  ['day-month-swapped', 0.0015],
  ['era-slip', 0.0008],
  ['first-of-january', 0.0006],
  ['default-birth-date', 0.0002],
  ['partial-birth-date', 0.0012],
  ['birth-date-missing', 0.001],
  ['sex-wrong', 0.0006],
  ['sex-missing', 0.003],
  ['address-missing', 0.02],
  ['lot-before-renumbering', 0.15],
  ['lot-missing', 0.03],
  ['lot-mistyped', 0.006],
  ['building-missing', 0.2],
  ['city-before-reform', 0.03],
  ['ke-spelt-otherwise', 0.2],
  ['lot-spelt-otherwise', 0.15],
  ['postal-code-missing', 0.04],
  ['card-of-another', 0.0004],
  ['dummy-card', 0.002],
  ['card-missing', 0.12],
  ['branch-of-relative', 0.0006],
  ['card-mistyped', 0.0015],
  ['branch-missing', 0.12],
  ['symbol-residue', 0.05],
  ['leading-noughts-dropped', 0.15],
  ['leading-noughts-added', 0.01],
  ['insurer-unpadded', 0.05],
  ['full-width-card', 0.05],
  ['roman-name-cut', 0.15],
  ['unreadable-character', 0.25],
  ['common-form', 0.4],
  ['register-form', 0.05],
  ['confused-character', 0.01],
  ['repeat-mark-written-out', 0.1],
  ['reading-guessed', 0.06],
  ['sound-change', 0.02],
  ['long-vowel', 0.06],
  ['kana-mistyped', 0.003],
  ['kana-missing', 0.025],
  ['kanji-missing', 0.012],
  ['parts-swapped', 0.0015],
  ['full-width-latin', 0.3],
  ['old-kana', 0.03],
  ['small-kana-enlarged', 0.03],
  ['hiragana', 0.004],
  ['half-width-kana', 0.02],
  ['unsplit', 0.004],
  ['courtesy-title', 0.003],
]

/** Until then insurers gave no branch numbers, and many a record was never brought up to date. */
export const BRANCH_MISSING_BEFORE_2021 = 0.7

interface Profile {
  /** What sets this source apart from the usual one. */
  rates: Partial<Record<Cause, number>>
  phoneShare: number
}

/** The kinds of source there are; regions take them in turn. */
const PROFILES: readonly Profile[] = [
  // A hospital's own coding, tended by its medical clerks.
  { rates: { 'common-form': 0.2, 'courtesy-title': 0 }, phoneShare: 0.75 },
  // Taken over from the insurers' eligibility check: the characters outside its set arrive as ●, small kana as large.
  {
    rates: {
      'unreadable-character': 0.7,
      'small-kana-enlarged': 0.7,
      'branch-missing': 0.01,
      'card-missing': 0.01,
    },
    phoneShare: 0.35,
  },
  // Many small clinics, typing in a hurry.
  {
    rates: {
      'reading-guessed': 0.15,
      'kana-mistyped': 0.008,
      'birth-digit-mistyped': 0.003,
      'era-slip': 0.002,
      'symbol-residue': 0.2,
      'dummy-card': 0.006,
      'parts-swapped': 0.004,
      'building-missing': 0.45,
      'lot-missing': 0.06,
    },
    phoneShare: 0.6,
  },
  // A system of the 1990s: JIS X 0208, half-width kana, no branch numbers, years of the eras.
  {
    rates: {
      'common-form': 0.97,
      'half-width-kana': 0.97,
      'branch-missing': 0.75,
      'era-slip': 0.003,
      unsplit: 0.05,
      'insurer-unpadded': 0.4,
      'leading-noughts-dropped': 0.3,
      'lot-before-renumbering': 0.5,
      'first-of-january': 0.002,
    },
    phoneShare: 0.5,
  },
  // Care providers: addresses and telephones well kept, insured numbers seldom.
  {
    rates: {
      'card-missing': 0.4,
      'former-name-given': 0.1,
      'kana-missing': 0.05,
      'partial-birth-date': 0.004,
      'sex-missing': 0.01,
      'address-missing': 0.005,
    },
    phoneShare: 0.9,
  },
]

export interface Source {
  rates: readonly (readonly [Cause, number])[]
  phoneShare: number
}

export function sourceOf(region: number): Source {
  const { rates, phoneShare } = PROFILES[region % PROFILES.length] as Profile
  return { rates: USUAL_RATES.map(([cause, usual]) => [cause, rates[cause] ?? usual] as const), phoneShare }
}
