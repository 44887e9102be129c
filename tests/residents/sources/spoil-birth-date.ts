import { isoDate, TODAY } from '../days.ts'
import type { Draft } from './draft.ts'
import type { Spoilers } from './spoilers.ts'

/** Years between the years nought of the eras, and one for a first year counted as nought. */
const ERA_OFFSETS = [1, -1, 14, -14, 63, -63, 30, -30, 1, -1]

/** What goes wrong in a birth date or a sex. */
export const BIRTH_SPOILERS: Spoilers = {
  'birth-digit-mistyped': (draft, random) =>
    changeDate(draft, (date) => {
      const place = random.pick([2, 3, 3, 5, 6, 8, 9, 9])
      const digit = (Number(date[place]) + 1 + random.below(9)) % 10
      return `${date.slice(0, place)}${digit}${date.slice(place + 1)}`
    }),
  'day-month-swapped': (draft) =>
    changeDate(draft, (date) => `${date.slice(0, 4)}-${date.slice(8, 10)}-${date.slice(5, 7)}`),
  'era-slip': (draft, random) =>
    changeDate(draft, (date) => `${Number(date.slice(0, 4)) + random.pick(ERA_OFFSETS)}${date.slice(4)}`),
  'first-of-january': (draft) => changeDate(draft, (date) => `${date.slice(0, 4)}-01-01`),
  'default-birth-date': (draft, random) => {
    draft.birthDate = random.pick(['1900-01-01', '1900-01-01', '1901-01-01', '1999-09-09'])
    return true
  },
  'partial-birth-date': (draft, random) => {
    if (draft.birthDate === undefined) return false
    draft.birthDate = draft.birthDate.slice(0, random.chance(0.6) ? 4 : 7)
    return true
  },
  'birth-date-missing': (draft) => {
    draft.birthDate = undefined
    return true
  },
  'sex-wrong': (draft) => {
    draft.gender = draft.person.sex === 'male' ? 'female' : 'male'
    return true
  },
  'sex-missing': (draft) => {
    draft.gender = undefined
    return true
  },
}

/** Changes a whole date; false where the outcome is the same or no day on which anybody here could be born. */
function changeDate(draft: Draft, change: (date: string) => string): boolean {
  const before = draft.birthDate
  if (before === undefined || before.length !== 10) return false
  const after = change(before)
  const isDay = new Date(`${after}T00:00:00Z`).toJSON()?.slice(0, 10) === after
  if (!isDay || after === before || after > isoDate(TODAY) || after < '1890-01-01') return false
  draft.birthDate = after
  return true
}
