import { type Day, TODAY, yearOf } from '../days.ts'
import { pickTwinNames, respell } from './given-names.ts'
import { pickLegalSurname } from './legal-spelling.ts'
import { areaOf, makePerson } from './make-adults.ts'
import type { Couple } from './make-couple.ts'
import { cardsOf, dayBetween, EVER, type Making, makeCareer, makeHomes } from './making.ts'
import { onDay, type Person, type Spelling } from './person.ts'

/** Multiple births among births. */
const TWIN_BIRTHS_SHARE = 0.01
const SAME_SEX_TWINS_SHARE = 0.75
const NAMESAKE_OF_PARENT_SHARE = 0.002
const CHILDREN_TAKE_MOTHERS_NAME_SHARE = 0.75

/** The couple's children, of whom some have left home and some have married. */
export function makeChildren(making: Making, couple: Couple): Person[] {
  const { random } = making
  const children: Person[] = []
  let day = couple.wedding + random.below(1500)
  const births = random.pick([1, 1, 2, 2, 2, 3])
  for (let birth = 0; birth < births && day < TODAY - 3; birth++) {
    children.push(...bear(making, couple, day, 2 + children.length))
    day += 400 + random.below(1300)
  }
  return children
}

function bear(making: Making, couple: Couple, birth: Day, place: number): Person[] {
  const { random } = making
  const sex = (): 'male' | 'female' => (random.chance(0.513) ? 'male' : 'female')
  const first = sex()
  if (!random.chance(TWIN_BIRTHS_SHARE)) {
    return [
      makeChild(making, couple, { birth, sex: first, place, given: parentsName(making, couple, first) }),
    ]
  }
  const second = random.chance(SAME_SEX_TWINS_SHARE) ? first : sex()
  const names = pickTwinNames(random, [first, second], yearOf(birth))
  const twins = [first, second].map((each, index) =>
    makeChild(making, couple, { birth, sex: each, place: place + index, given: names[index] }),
  )
  const twin = making.nextKey()
  for (const child of twins) child.twin = twin
  return twins
}

/** Now and then a child has a parent's name, written otherwise. */
function parentsName(
  making: Making,
  { husband, wife }: Couple,
  sex: 'male' | 'female',
): Spelling | undefined {
  const parent = sex === 'male' ? husband : wife
  const name = parent.names[0]?.value.given
  if (name === undefined || parent.foreign !== undefined) return undefined
  return making.random.chance(NAMESAKE_OF_PARENT_SHARE) ? respell(making.random, name, sex) : undefined
}

function makeChild(
  making: Making,
  couple: Couple,
  being: { birth: Day; sex: 'male' | 'female'; place: number; given: Spelling | undefined },
): Person {
  const { birth, sex, place, given } = being
  const home = couple.homes
  const child = makePerson(making, couple.origin, {
    role: 'child',
    sex,
    birth,
    homes: home,
    ...(given && { given }),
  })
  if (child.foreign === undefined && couple.wife.foreign === undefined) followParents(child, couple, birth)
  child.cards = cardsOf(making, couple.career, { birth, place, area: areaOf(home) })
  if (couple.divorce !== undefined) stayWithKeeper(making, child, couple.divorce, place)
  if (TODAY - birth < 14 * 365) child.mobiles = couple.wife.mobiles
  if (TODAY - birth > 22 * 365) growUp(making, child)
  return child
}

/** The child bears what the parents bear. */
function followParents(child: Person, { husband, wife, divorce }: Couple, birth: Day): void {
  const bearer = divorce?.keeper ?? husband
  const given = onDay(child.names, birth).given
  const shared = onDay(
    (bearer === wife ? wife : husband).names,
    divorce === undefined ? birth : divorce.day - 1,
  )
  child.names = [{ from: EVER, value: { family: shared.family, given } }]
}

function stayWithKeeper(
  making: Making,
  child: Person,
  divorce: NonNullable<Couple['divorce']>,
  place: number,
): void {
  const { day, keeper, homes, career } = divorce
  if (keeper.sex === 'male') return
  child.homes = [...child.homes.filter(({ from }) => from < day), ...homes]
  const later = cardsOf(making, career, { birth: child.birth, place: place - 1, area: areaOf(homes) })
  child.cards = [...child.cards.filter(({ from }) => from < day), ...later]
  const family = onDay(keeper.names, day).family
  const now = onDay(child.names, day)
  if (family.kanji === now.family.kanji || keeper.foreign !== undefined || child.foreign !== undefined) return
  if (!making.random.chance(CHILDREN_TAKE_MOTHERS_NAME_SHARE)) return
  child.names.push({ from: day + making.random.below(120), value: { family, given: now.given } })
}

/** Work, a home of one's own, and perhaps a wedding. */
function growUp(making: Making, child: Person): void {
  const { random } = making
  const start = child.birth + Math.floor((18 + random.next() * 6) * 365)
  if (start > TODAY) return
  if (random.chance(0.8)) {
    const career = makeCareer(making, child.birth, areaOf(child.homes), start)
    child.cards = [
      ...child.cards.filter(({ from }) => from < start),
      ...cardsOf(making, career, { birth: child.birth, place: 0, area: areaOf(child.homes) }),
    ]
  }
  if (!random.chance(0.45)) return
  const leaving = dayBetween(random, start, Math.min(TODAY, start + 10 * 365))
  child.homes = [...child.homes.filter(({ from }) => from < leaving), ...makeHomes(making, 0.3, leaving)]
  const wedding = leaving + random.below(3000)
  const bridal = child.sex === 'female' ? 0.5 : 0.03
  if (wedding > TODAY || child.foreign !== undefined || !random.chance(bridal)) return
  const given = onDay(child.names, wedding).given
  child.names.push({ from: wedding, value: { family: pickLegalSurname(random), given } })
}
