import { z } from 'zod'

const BASE = 'https://tsunagi.example/StructureDefinition'

/** What PCF has no element for, and a council's paper says all the same. */
export const CONSENT_EXTENSIONS = {
  /** Why sharing ended, where it was no withdrawal on paper. */
  end: `${BASE}/consent-end`,
  /** The day the resident died; cross-region viewing ends so many days after as the holder's council says. */
  deceased: `${BASE}/consent-deceased`,
  /** Who entered the paper at the council's desk, under which receipt number, and when. */
  desk: `${BASE}/consent-desk`,
  /** On the performer: in which relation somebody else signed. */
  relation: `${BASE}/consent-proxy-relation`,
  /** On the performer: the resident's birth date, by which a parent's signature lapses. */
  residentBorn: `${BASE}/consent-resident-birth-date`,
} as const

/** Who may sign for a resident (親権者, 後見人). */
export const PROXY_RELATIONS = ['parent', 'guardian'] as const
export type ProxyRelation = (typeof PROXY_RELATIONS)[number]

/** Stopped by telephone until paper confirms or lifts it, or the resident left the region. */
export const CONSENT_ENDS = ['stopped', 'left'] as const

export const RECEIPT_NUMBER = /^[0-9A-Za-z-]{1,40}$/

const one = <Url extends string, Key extends string, Value extends z.ZodType>(
  url: Url,
  key: Key,
  value: Value,
) => z.strictObject({ url: z.literal(url), [key]: value } as { url: z.ZodLiteral<Url> } & Record<Key, Value>)

const born = z.iso.date().refine((day) => day >= '1900')

export const consentExtension = z.discriminatedUnion('url', [
  one(CONSENT_EXTENSIONS.end, 'valueCode', z.enum(CONSENT_ENDS)),
  one(CONSENT_EXTENSIONS.deceased, 'valueDate', born),
  one(
    CONSENT_EXTENSIONS.desk,
    'extension',
    z.tuple([
      one('receipt', 'valueString', z.string().regex(RECEIPT_NUMBER)),
      one('entered-on', 'valueDate', born),
      one('entered-by', 'valueString', z.string().min(1).max(100)),
    ]),
  ),
])

export const performerExtension = z.tuple([
  one(CONSENT_EXTENSIONS.relation, 'valueCode', z.enum(PROXY_RELATIONS)),
  one(CONSENT_EXTENSIONS.residentBorn, 'valueDate', born),
])

type Extension = z.infer<typeof consentExtension>

/** The one extension of that kind; the schema lets none stand twice. */
export function extensionOf<Url extends Extension['url']>(
  list: readonly Extension[] | undefined,
  url: Url,
): Extract<Extension, { url: Url }> | undefined {
  return list?.find((each): each is Extract<Extension, { url: Url }> => each.url === url)
}
