import type { OperationOutcomeIssue } from 'fhir/r4.js'

/** How likely an entry is the one that was asked for (FHIR R4, Patient $match). */
export type Grade = 'certain' | 'probable' | 'possible' | 'certainly-not'

const MATCH_GRADE = 'http://hl7.org/fhir/StructureDefinition/match-grade'

export interface SearchEntry {
  fullUrl: string
  /** The resource's exact text. */
  text: string
  match?: { score: number; grade: Grade }
}

export interface Searchset {
  total: number
  entries: readonly SearchEntry[]
  links: readonly { relation: 'self' | 'next'; url: string }[]
  /** What a caller has to know beside the entries: never an error, since this is an answer. */
  notes: readonly { code: OperationOutcomeIssue['code']; severity: 'warning' | 'information'; text: string }[]
}

/** The Bundle's text; resources pass as the texts that they are. */
export function searchsetText({ total, entries, links, notes }: Searchset): string {
  const found = entries.map(({ fullUrl, text, match }) => {
    const search = {
      mode: 'match',
      ...(match && {
        extension: [{ url: MATCH_GRADE, valueCode: match.grade }],
        score: Math.round(match.score * 10_000) / 10_000,
      }),
    }
    return `{"fullUrl":${JSON.stringify(fullUrl)},"resource":${text},"search":${JSON.stringify(search)}}`
  })
  const told = notes.map(({ code, severity, text }) => {
    const issue = [{ severity, code, details: { text }, diagnostics: text }]
    return JSON.stringify({
      resource: { resourceType: 'OperationOutcome', issue },
      search: { mode: 'outcome' },
    })
  })
  const head = JSON.stringify({
    ...{ resourceType: 'Bundle', type: 'searchset', total },
    ...(links.length === 0 ? {} : { link: links }),
  })
  const entry = [...found, ...told]
  return entry.length === 0 ? head : `${head.slice(0, -1)},"entry":[${entry.join(',')}]}`
}
