import { z } from 'zod'
import { SYSTEMS } from '../../vocabulary/index.ts'
import type { Patient } from '../patient-schema.ts'
import type { Features } from './features.ts'
import { foldBirthDate } from './fold-birth-date.ts'
import { foldText } from './fold-text.ts'

/** People of any century are compared. */
const YEAR_MIN = 1000
const TEXTS_MAX = 8

const dataSchema = z.object({
  url: z.literal(SYSTEMS.generalData),
  extension: z.array(z.object({ url: z.string(), valueString: z.string() })),
})

/** What a general record has beside a name, a sex and ids. */
export interface GeneralData {
  birthDate?: string | undefined
  /** By column; undefined where it is empty. */
  texts: readonly (string | undefined)[]
}

/** As the extension of a Patient in which the record is kept. */
export function generalExtension({ birthDate, texts }: GeneralData): object {
  return {
    url: SYSTEMS.generalData,
    extension: [
      ...(birthDate === undefined ? [] : [{ url: 'birthDate', valueString: birthDate }]),
      ...texts.flatMap((text, at) =>
        text === undefined ? [] : [{ url: `text-${at + 1}`, valueString: text }],
      ),
    ],
  }
}

/** Undefined for a resident. */
export function encodeGeneral({
  extension = [],
}: Patient): Pick<Features, 'birthDate' | 'texts'> | undefined {
  const data = extension.flatMap((each) => dataSchema.safeParse(each).data ?? [])[0]
  if (data === undefined) return undefined
  const textOf = (url: string) => data.extension.find((each) => each.url === url)?.valueString
  const texts = Array.from({ length: TEXTS_MAX }, (_, at) => foldText(textOf(`text-${at + 1}`) ?? '') ?? '')
  return {
    birthDate: foldBirthDate(textOf('birthDate'), YEAR_MIN),
    texts: texts.slice(0, texts.findLastIndex((text) => text !== '') + 1),
  }
}
