import type { Caller } from '../../http/index.ts'
import type { Queryable } from '../../kernel/database.ts'
import { mayBeOne, openLinkage, type PairOutcome, releaseKeys } from '../linkage/index.ts'
import { modelsOf } from '../model-store.ts'
import { refOf } from '../patient-id.ts'
import type { ReadPatient } from '../read-patient.ts'
import { type FoundRow, findAlike } from './search-store.ts'
import type { Grade } from './searchset.ts'

/** Far more than are of one birth date, or of one name, in a region. */
const ALIKE_MAX = 256

/** Not a region's id: it stands for the record in the asker's hands, which is never kept. */
const ASKED = 'asked'

/** Doubts that more than the pair raises, or a score: two who differ in nothing. */
const SOFT = new Set<string>(['floor', 'no-rule'])

/** Where each grade lies between 0 and 1, so that score and grade never contradict each other. */
const RANGES: Record<Grade, [number, number]> = {
  certain: [0.95, 1],
  probable: [0.7, 0.949],
  possible: [0.1, 0.699],
  'certainly-not': [0, 0.099],
}

/** Below this a match is not worth a look. */
const POSSIBLE_MIN = 1e-4

export interface Match {
  row: FoundRow
  grade: Grade
  score: number
}

export interface Matches {
  matches: Match[]
  /** Too many were alike to compare them all, so that nobody can be certain. */
  isTruncated: boolean
}

/**
 * Who of the caller's own domain the record in its hands is about (IHE PDQm ITI-119), the best first, by the rules and
 * vetoes that linking goes by. Certain is at most one person: whom a rule gives, against whom nothing of theirs speaks,
 * while nobody else is given by one.
 */
export async function matchPatients(db: Queryable, caller: Caller, asked: ReadPatient): Promise<Matches> {
  const { features, patient } = asked
  const localId = patient.identifier?.find(({ system }) => system === caller.patientSystem)?.value
  const keys = releaseKeys(features)
  const rows = await findAlike(db, caller.region, { features, keys, localId }, ALIKE_MAX)
  const models = await modelsOf(db, rows[0]?.models ?? {})
  const isTruncated = rows.length > ALIKE_MAX
  const compared = rows.slice(0, ALIKE_MAX).filter((row) => mayBeOne(features, row.features))
  const members = compared.map((row) => ({ ref: refOf(row), features: row.features }))
  const linkage = openLinkage([{ ref: ASKED, features }, ...members], undefined, models)
  const judged = compared.map((row) => ({
    row,
    person: row.person,
    pair: linkage.outcome(ASKED, refOf(row)),
  }))
  const given = new Set(judged.filter(({ pair }) => pair.decision === 'auto').map(({ person }) => person))
  const doubted = new Set(judged.filter(({ pair }) => isVetoed(pair)).map(({ person }) => person))
  const isSure = given.size === 1 && !isTruncated
  const matches = judged.flatMap(({ row, person, pair }) => {
    const grade = gradeOf(pair, isSure && given.has(person) && !doubted.has(person))
    return grade === 'certainly-not' ? [] : [{ row, grade, score: scoreIn(grade, pair.posterior) }]
  })
  matches.sort((a, b) => b.score - a.score || (a.row.localId < b.row.localId ? -1 : 1))
  return { matches, isTruncated }
}

function gradeOf(pair: PairOutcome, isSure: boolean): Grade {
  if (pair.decision === 'auto') return isSure ? 'certain' : 'probable'
  if (pair.decision === 'review') return isVetoed(pair) ? 'possible' : 'probable'
  return pair.posterior >= POSSIBLE_MIN && !isVetoed(pair) ? 'possible' : 'certainly-not'
}

function isVetoed({ vetoes }: PairOutcome): boolean {
  return vetoes.some((veto) => !SOFT.has(veto))
}

function scoreIn(grade: Grade, posterior: number): number {
  const [low, high] = RANGES[grade]
  return low + (high - low) * posterior
}
