import { describe, expect, test } from 'vitest'
import { suspicionsOf } from '../../src/oversight/rules.ts'
import type { Attempt } from '../../src/oversight/views.ts'

let nth = 0

/** An ordinary view at noon, of somebody new. */
function view(changes: Partial<Attempt> = {}): Attempt {
  nth += 1
  return {
    at: new Date('2026-06-01T12:00:00+09:00'),
    request: `request-${nth}`,
    person: `person-${nth}`,
    ...{
      region: 'shiokaze',
      institution: '1410000003',
      user: 'dr-1',
      profession: 'physician',
      post: 'staff',
    },
    ...{ purpose: 'TREAT', items: ['condition'], terminal: 'pc-1' },
    verdicts: [{ region: 'minato', verdict: 'permit', ground: 'visit', items: ['condition'] }],
    ...changes,
  }
}

const times = (count: number, changes: Partial<Attempt> = {}) =>
  Array.from({ length: count }, () => view(changes))
const denied = (reason: string): Pick<Attempt, 'verdicts'> => ({
  verdicts: [{ region: 'minato', verdict: 'deny', reason }],
})
const firstVisit: Pick<Attempt, 'verdicts'> = {
  verdicts: [{ region: 'minato', verdict: 'permit', ground: 'first-visit' }],
}
const at = (time: string) => ({ at: new Date(`2026-06-01T${time}:00+09:00`) })

describe('what one viewer’s day gives', () => {
  test.each<[string, Attempt[], string[]]>([
    ['forty ordinary views', times(40), []],
    ['four unvisited residents', times(4, denied('unvisited')), []],
    ['five unvisited residents', times(5, denied('unvisited')), ['many-unvisited']],
    ['five first visits', times(5, firstVisit), ['many-unvisited']],
    ['one unvisited resident, five times', times(5, { ...denied('unvisited'), person: 'one' }), []],
    ['two views at night', times(2, at('23:30')), []],
    ['three views at night', times(3, at('02:10')), ['odd-hours']],
    ['three views at six in the morning', times(3, at('06:00')), []],
    ['three emergencies at night', times(3, { ...at('02:10'), breakGlass: 'x' }), ['emergency-habit']],
    ['two emergencies', times(2, { breakGlass: 'x' }), []],
    ['two terminals an hour apart', [view(at('09:00')), view({ ...at('10:00'), terminal: 'pc-2' })], []],
    [
      'two terminals four minutes apart',
      [view(at('09:00')), view({ ...at('09:04'), terminal: 'pc-2' })],
      ['many-terminals'],
    ],
    [
      'three terminals over the day',
      [
        view(at('09:00')),
        view({ ...at('11:00'), terminal: 'pc-2' }),
        view({ ...at('15:00'), terminal: 'pc-3' }),
      ],
      ['many-terminals'],
    ],
    ['ten descriptions that fitted nobody', times(10, { person: null, verdicts: [] }), ['many-unfound']],
    ['a ceiling reached', [view(denied('ceiling-reached'))], ['ceiling-reached']],
  ])('%s', (_what, day, rules) => {
    expect(suspicionsOf(day).map(({ rule }) => rule)).toEqual(rules)
  })
})

test('more of the same scores higher, and never over a hundred', () => {
  const score = (count: number) => suspicionsOf(times(count, denied('unvisited')))[0]?.score ?? 0
  expect(score(8)).toBeGreaterThan(score(5))
  expect(score(500)).toBe(100)
})
