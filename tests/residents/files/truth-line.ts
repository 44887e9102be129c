import { type Draft, isDamaged, soundScripts } from '../sources/draft.ts'

export const TRUTH_HEADER =
  'region,local_id,person,household,role,twin,reading,sound,name,address,insured,causes'

/**
 * What is true of a record. `sound`: the scripts in which its name is soundly given, empty where name, birth date or
 * sex is wrong or missing. `name`: which of the person's names it bears. `address`, `insured`: which home and which
 * household's insured number it soundly gives. `reading`: the person's true name in kana, by which namesakes are known.
 */
export function truthLine(region: string, draft: Draft): string {
  const { person, address, card } = draft
  const home = address?.lot === undefined || isDamaged(draft, 'address') ? '' : draft.homeKey
  const insured = card === undefined || isDamaged(draft, 'insured') ? '' : draft.cardKey
  const name = person.names.at(-1)?.value
  return [
    region,
    draft.localId,
    person.id,
    person.household,
    person.role,
    person.twin ?? '',
    `${name?.family.kana} ${name?.given.kana}`,
    soundScripts(draft).join('+'),
    draft.nameVersion,
    home,
    insured,
    [...draft.causes].join('+'),
  ].join(',')
}
