export { alignAnswers } from './align-answers.ts'
export type {
  AlignedAnswers,
  AlignedEntry,
  AlignedItem,
  AlignedSource,
  Holding,
  ItemStatus,
  RegionName,
} from './aligned.ts'
export { alignAnswersAside, tallyAside } from './aside.ts'
export { type FhirObject, isAbout, isFhirObject, type Subject } from './check-subject.ts'
export { classify } from './classify.ts'
export type { Breach } from './conformance/breach.ts'
export { inEnglish } from './conformance/in-english.ts'
export { type LiftedSection, liftSections } from './document-sections.ts'
export type { Fit } from './fit.ts'
export { isGranted } from './is-granted.ts'
export { judgeText, unreadVerdict, WHOLE } from './judge.ts'
export { type CodeMap, type MappedCode, meansSame } from './mapping/code-maps.ts'
export { mapCode } from './mapping/map-code.ts'
export { oidOf, presentSystem } from './mapping/national-systems.ts'
export { readConceptMap } from './mapping/read-concept-map.ts'
export { flagsOf, type NationalFlag } from './read-origin.ts'
export { type PatientFacts, readPatient } from './read-patient.ts'
export { recognise } from './recognise.ts'
export type { Tally } from './tally.ts'
export { type Addition, LEVELS, type Level, type Verdict } from './verdict.ts'
