import type { AlignedAnswers, PatientFacts, RegionName } from '../alignment/index.ts'
import type { Profession, PublicSourceState, Purpose } from '../vocabulary/index.ts'
import type { FormAction } from './form.ts'

/** A patient id with whose it is; never shown as a bare number. */
export interface LabelledId {
  label: string
  value: string
}

/** How asking one source that may be named ended. */
export interface ShownSource {
  region: RegionName
  state: PublicSourceState
  /** Resources it gave. */
  count: number
  answeredAt?: Date | undefined
  elapsedMs?: number | undefined
  /** Digest of its receipt. */
  receipt?: string | undefined
}

/** All that the viewer page shows. It is of one patient, whom nothing in an address or a title names. */
export interface ViewerModel {
  patient: PatientFacts & { ids: readonly LabelledId[] }
  asker: {
    regionName: string
    institutionName: string
    institutionNumber: string
    userName: string
    profession: Profession
    purpose: Purpose
    /** When the emergency is over. */
    emergencyUntil?: Date | undefined
  }
  fetchedAt: Date
  sources: readonly ShownSource[]
  aligned: AlignedAnswers
  /** Names by the number of the institution, as the directory gives them. */
  institutions: ReadonlyMap<string, string>
  /** Digest of the hub's own receipt over the whole answer. */
  receipt?: string | undefined
  /** お問い合わせ番号. */
  reference?: string | undefined
  /** Asks again; shown where something is missing. */
  again?: FormAction | undefined
  /** Where the report of an emergency is written. */
  report?: string | undefined
  /** Leaves the patient. */
  close?: FormAction | undefined
}
