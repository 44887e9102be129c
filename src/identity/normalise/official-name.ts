import { SYSTEMS } from '../../vocabulary/index.ts'
import type { HumanName } from '../patient-schema.ts'

export interface NameParts {
  family?: string | undefined
  given?: string | undefined
}

/** `IDE`: kanji, as the register has it; `SYL`: its reading in kana (ISO 21090, as JP Core uses it). */
export type Script = 'IDE' | 'SYL'

/** Names somebody had or is called by say nothing about who a record is of, until former names are recorded as such. */
const USES = ['official', 'usual', undefined]

const KANA_ONLY = /^[\p{scx=Hiragana}\p{scx=Katakana}\s・ー]+$/u

/** The name now in use in the script; a name that was sent whole is split at its space. */
export function officialName(names: readonly HumanName[], script: Script): NameParts | undefined {
  const written = names.filter((each) => scriptOf(each) === script)
  const [name] = USES.flatMap((use) => written.filter((each) => each.use === use))
  if (name === undefined) return undefined
  const [family, ...rest] = (name.text ?? '').normalize('NFKC').trim().split(/\s+/u)
  if (name.family === undefined && name.given === undefined && rest.length > 0) {
    return { family, given: rest.join('') }
  }
  return { family: name.family, given: name.given?.join('') }
}

/** By its mark; where there is none, by its letters. */
function scriptOf(name: HumanName): string {
  const mark = name.extension?.find(({ url }) => url === SYSTEMS.nameRepresentation)?.valueCode
  if (mark !== undefined) return mark
  const letters = [name.family, ...(name.given ?? [])].join('') || (name.text ?? '')
  return KANA_ONLY.test(letters.normalize('NFKC')) ? 'SYL' : 'IDE'
}
