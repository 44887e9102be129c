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
  /** Of each column in order; undefined where it is empty. */
  texts: readonly { column: string; text: string | undefined }[]
}

/** As the extension of a Patient in which the record is kept. */
export function generalExtension({ birthDate, texts }: GeneralData): object {
  return {
    url: SYSTEMS.generalData,
    extension: [
      ...(birthDate === undefined ? [] : [{ url: 'birthDate', valueString: birthDate }]),
      ...texts.flatMap(({ column, text }, at) =>
        text === undefined ? [] : [{ url: `text-${at + 1}#${column}`, valueString: text }],
      ),
    ],
  }
}

type GeneralText = z.infer<typeof dataSchema>['extension'][number]

function generalTexts({ extension = [] }: Patient): GeneralText[] | undefined {
  return extension.flatMap((each) => dataSchema.safeParse(each).data ?? [])[0]?.extension
}

/** Without the column's name, which some records were kept without. */
function placeOf({ url }: GeneralText): string {
  return url.replace(/#.*$/su, '')
}

/** The column of each text that the record has, by the name under which it is compared: text1 and so on. */
export function textColumnsOf(patient: Patient): Record<string, string> {
  const texts = (generalTexts(patient) ?? []).filter(({ url }) => url.includes('#'))
  return Object.fromEntries(
    texts.map((each) => [placeOf(each).replace('-', ''), each.url.slice(each.url.indexOf('#') + 1)]),
  )
}

/** Undefined for a resident. */
export function encodeGeneral(patient: Patient): Pick<Features, 'birthDate' | 'texts'> | undefined {
  const data = generalTexts(patient)
  if (data === undefined) return undefined
  const textOf = (place: string) => data.find((each) => placeOf(each) === place)?.valueString
  const texts = Array.from({ length: TEXTS_MAX }, (_, at) => foldText(textOf(`text-${at + 1}`) ?? '') ?? '')
  return {
    birthDate: foldBirthDate(textOf('birthDate'), YEAR_MIN),
    texts: texts.slice(0, texts.findLastIndex((text) => text !== '') + 1),
  }
}
