import { type Element, elementOf, elementsOf, textOf } from '../elements.ts'

/** A rule of R4 itself, by its own key: whether it holds, and what to say where it does not. */
export type Invariant = readonly [key: string, holds: (element: Element) => boolean, text: string]

/** Above all that national data use; the HL7 validator's verdicts are held against these in the tests. */
export const RESOURCE_INVARIANTS: Record<string, readonly Invariant[]> = {
  AllergyIntolerance: [
    [
      'ait-1',
      ({ clinicalStatus, verificationStatus }) =>
        isMistaken(verificationStatus) || clinicalStatus !== undefined,
      '誤記載でなければ、clinicalStatus が必須です。',
    ],
    [
      'ait-2',
      ({ clinicalStatus, verificationStatus }) =>
        !isMistaken(verificationStatus) || clinicalStatus === undefined,
      '誤記載のときは、clinicalStatus を書けません。',
    ],
  ],
  Condition: [
    [
      'con-4',
      ({
        abatementDateTime,
        abatementAge,
        abatementPeriod,
        abatementRange,
        abatementString,
        clinicalStatus,
      }) =>
        (abatementDateTime ?? abatementAge ?? abatementPeriod ?? abatementRange ?? abatementString) ===
          undefined ||
        codesIn(clinicalStatus).some((code) => ['resolved', 'remission', 'inactive'].includes(code)),
      '終了した傷病の clinicalStatus は resolved、remission、inactive のいずれかです。',
    ],
    [
      'con-5',
      ({ clinicalStatus, verificationStatus }) =>
        !isMistaken(verificationStatus) || clinicalStatus === undefined,
      '誤記載のときは、clinicalStatus を書けません。',
    ],
  ],
  'Condition.stage': [
    [
      'con-1',
      ({ summary, assessment }) => (summary ?? assessment) !== undefined,
      'stage には summary か assessment が必要です。',
    ],
  ],
  'Condition.evidence': [
    [
      'con-2',
      ({ code, detail }) => (code ?? detail) !== undefined,
      'evidence には code か detail が必要です。',
    ],
  ],
  Observation: [
    [
      'obs-6',
      (element) => element.dataAbsentReason === undefined || !hasValue(element),
      '値があるときは、dataAbsentReason を書けません。',
    ],
    [
      'obs-7',
      (element) =>
        !hasValue(element) ||
        !elementsOf(element.component).some(({ code }) => sharesCoding(code, element.code)),
      '値のある検査と同じコードの component は置けません。',
    ],
  ],
  'Observation.referenceRange': [
    [
      'obs-3',
      ({ low, high, text }) => (low ?? high ?? text) !== undefined,
      '基準範囲には下限、上限、文字のいずれかが必要です。',
    ],
  ],
  Composition: [],
  'Composition.section': [
    [
      'cmp-1',
      ({ text, entry, section }) => (text ?? entry ?? section) !== undefined,
      'セクションには text、entry、section のいずれかが必要です。',
    ],
    [
      'cmp-2',
      ({ emptyReason, entry }) => emptyReason === undefined || entry === undefined,
      'entry のあるセクションに emptyReason は書けません。',
    ],
  ],
  Organization: [
    [
      'org-1',
      ({ identifier, name }) => (identifier ?? name) !== undefined,
      '組織には identifier か name が必要です。',
    ],
  ],
  'Patient.contact': [
    [
      'pat-1',
      ({ name, telecom, address, organization }) =>
        (name ?? telecom ?? address ?? organization) !== undefined,
      '連絡先に中身がありません。',
    ],
  ],
  'CarePlan.activity': [
    [
      'cpl-3',
      ({ detail, reference }) => detail === undefined || reference === undefined,
      'detail と reference は同時に書けません。',
    ],
  ],
  'Bundle.entry': [
    [
      'bdl-5',
      ({ resource, request, response }) => (resource ?? request ?? response) !== undefined,
      'entry に中身がありません。',
    ],
    [
      'bdl-8',
      ({ fullUrl }) => typeof fullUrl !== 'string' || !fullUrl.includes('/_history/'),
      'fullUrl に版を書けません。',
    ],
  ],
  Bundle: [
    [
      'bdl-1',
      ({ total, type }) => total === undefined || type === 'searchset' || type === 'history',
      'total は検索結果か履歴にだけ書けます。',
    ],
    [
      'bdl-2',
      ({ entry, type }) =>
        type === 'searchset' || elementsOf(entry).every(({ search }) => search === undefined),
      'search は検索結果にだけ書けます。',
    ],
    ['bdl-7', ({ entry, type }) => type === 'history' || isDistinct(entry), 'fullUrl が重複しています。'],
    [
      'bdl-9',
      ({ identifier, type }) =>
        type !== 'document' ||
        (textOf(elementOf(identifier)?.system) !== undefined &&
          textOf(elementOf(identifier)?.value) !== undefined),
      '文書には identifier の system と value が必要です。',
    ],
    [
      'bdl-10',
      ({ timestamp, type }) => type !== 'document' || timestamp !== undefined,
      '文書には timestamp が必要です。',
    ],
    [
      'bdl-11',
      ({ entry, type }) =>
        type !== 'document' || elementOf(elementsOf(entry)[0]?.resource)?.resourceType === 'Composition',
      '文書の最初の entry は Composition です。',
    ],
  ],
}

function codesIn(concept: unknown): string[] {
  return elementsOf(elementOf(concept)?.coding)
    .map(({ code }) => code)
    .filter((code) => typeof code === 'string')
}

function isMistaken(verificationStatus: unknown): boolean {
  return codesIn(verificationStatus).includes('entered-in-error')
}

/** Whether it has a value of whatever type. */
export function hasValue(element: Element): boolean {
  return Object.keys(element).some((key) => /^_?value[A-Z]/.test(key))
}

function sharesCoding(one: unknown, other: unknown): boolean {
  const codes = (concept: unknown) =>
    elementsOf(elementOf(concept)?.coding).map(({ system, code }) => JSON.stringify([system, code]))
  const known = new Set(codes(other))
  return codes(one).some((each) => known.has(each))
}

function isDistinct(entry: unknown): boolean {
  const urls = elementsOf(entry)
    .filter(({ fullUrl }) => typeof fullUrl === 'string')
    .map(({ fullUrl, resource }) =>
      JSON.stringify([fullUrl, elementOf(elementOf(resource)?.meta)?.versionId]),
    )
  return new Set(urls).size === urls.length
}
