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
export { type FhirObject, isAbout, isFhirObject, type Subject } from './check-subject.ts'
export { classify } from './classify.ts'
export type { Breach } from './conformance/breach.ts'
export { type LiftedSection, liftSections } from './document-sections.ts'
export { judgeText } from './judge.ts'
export { flagsOf, type NationalFlag } from './read-origin.ts'
export { type PatientFacts, readPatient } from './read-patient.ts'
export { recognise } from './recognise.ts'
export { type Addition, LEVELS, type Level, type Verdict } from './verdict.ts'
