import { elementOf } from '../elements.ts'
import { digitsOf } from '../exact-json.ts'
import { startOf } from '../stated-time.ts'
import { hasValue, type Invariant } from './r4-resource-invariants.ts'
import { UCUM } from './ucum.ts'

/** R4's own invariants of the types that resources are made of. */
export const TYPE_INVARIANTS: Record<string, readonly Invariant[]> = {
  Attachment: [
    [
      'att-1',
      ({ data, contentType }) => data === undefined || contentType !== undefined,
      'data には contentType が必要です。',
    ],
  ],
  ContactPoint: [
    [
      'cpt-2',
      ({ value, system }) => value === undefined || system !== undefined,
      '連絡先の value には system が必要です。',
    ],
  ],
  Extension: [
    [
      'ext-1',
      (element) => (element.extension === undefined) === hasValue(element),
      '拡張には値か内側の拡張の、どちらか一方が必要です。',
    ],
  ],
  Age: [
    [
      'age-1',
      ({ code, value, system }) =>
        (code !== undefined || value === undefined) && (system === undefined || system === UCUM),
      '年齢には時間の単位（UCUM）の code が必要です。',
    ],
  ],
  Duration: [
    [
      'drt-1',
      ({ code, value, system }) => code === undefined || (system === UCUM && value !== undefined),
      '時間の長さの単位は UCUM で、値が必要です。',
    ],
  ],
  Period: [['per-1', ({ start, end }) => isOrdered(start, end), '期間の終わりが始まりより前です。']],
  Quantity: [
    [
      'qty-3',
      ({ code, system }) => code === undefined || system !== undefined,
      '単位の code には system が必要です。',
    ],
  ],
  Range: [
    ['rng-2', ({ low, high }) => !(numberOf(low) > numberOf(high)), '範囲の下限が上限より大きいです。'],
  ],
  Ratio: [
    [
      'rat-1',
      ({ numerator, denominator, extension }) =>
        (numerator === undefined) === (denominator === undefined) && (numerator ?? extension) !== undefined,
      '比には分子と分母の両方が必要です。',
    ],
  ],
  'Timing.repeat': [
    [
      'tim-1',
      ({ duration, durationUnit }) => duration === undefined || durationUnit !== undefined,
      'duration には durationUnit が必要です。',
    ],
    [
      'tim-2',
      ({ period, periodUnit }) => period === undefined || periodUnit !== undefined,
      'period には periodUnit が必要です。',
    ],
    [
      'tim-6',
      ({ periodMax, period }) => periodMax === undefined || period !== undefined,
      'periodMax には period が必要です。',
    ],
    [
      'tim-7',
      ({ durationMax, duration }) => durationMax === undefined || duration !== undefined,
      'durationMax には duration が必要です。',
    ],
    [
      'tim-8',
      ({ countMax, count }) => countMax === undefined || count !== undefined,
      'countMax には count が必要です。',
    ],
    [
      'tim-10',
      ({ timeOfDay, when }) => timeOfDay === undefined || when === undefined,
      'timeOfDay と when は同時に書けません。',
    ],
  ],
}
for (const quantity of ['Age', 'Count', 'Distance', 'Duration'])
  TYPE_INVARIANTS[quantity] = [...(TYPE_INVARIANTS.Quantity ?? []), ...(TYPE_INVARIANTS[quantity] ?? [])]

function isOrdered(start: unknown, end: unknown): boolean {
  if (typeof start !== 'string' || typeof end !== 'string') return true
  const [from, to] = [startOf(start), startOf(end)]
  // A date without a time ends later than it begins: only a whole day between them is wrong for certain.
  return from === undefined || to === undefined || from <= to || end.length < start.length
}

function numberOf(quantity: unknown): number {
  const value = elementOf(quantity)?.value
  return typeof value === 'number' ? value : Number(digitsOf(value) ?? Number.NaN)
}
