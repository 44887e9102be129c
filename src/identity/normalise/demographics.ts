/** `IDE`: as the register has it; `SYL`: its reading in kana; `ABC`: in Latin letters (ISO 21090, as JP Core uses it). */
export type Script = 'IDE' | 'SYL' | 'ABC'

/** A name as a source wrote it. */
export interface WrittenName {
  kind: 'official' | 'former' | 'alias'
  /** Undefined: by its letters. */
  script?: Script | undefined
  family?: string | undefined
  /** In the source's own words, first name first. */
  given?: readonly string[] | undefined
  /** Family and given name in one, where the source does not part them. */
  whole?: string | undefined
}

/** An address as a source wrote it, in parts or in one; a part that is missing may stand in another. */
export interface WrittenAddress {
  isFormer: boolean
  postalCode?: string | undefined
  prefecture?: string | undefined
  city?: string | undefined
  text?: string | undefined
}

/** What linkage reads of a resident, as it was written and sorted by what it is. */
export interface Demographics {
  names: readonly WrittenName[]
  /** `insurer:symbol:number:branch`. */
  insured: readonly { value: string; isFormer: boolean }[]
  /** `insurer:number`. */
  careInsured: readonly string[]
  /** `payer:recipient`. */
  publicPayers: readonly string[]
  /** The current home, if any, then former ones. */
  addresses: readonly WrittenAddress[]
  phones: readonly string[]
  email: string | undefined
}
