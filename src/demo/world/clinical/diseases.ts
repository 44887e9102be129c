import type { DrugKey } from './drugs.ts'
import type { LaboratoryKey } from './laboratory-items.ts'

export interface Disease {
  name: string
  icd10: string
  /** MEDIS disease number, where it is known; else the national code for "uncoded" is sent. */
  keyNumber: string | undefined
  drugs: readonly DrugKey[]
  laboratory: readonly LaboratoryKey[]
}

function disease(
  name: string,
  icd10: string,
  keyNumber: string | undefined,
  drugs: readonly DrugKey[],
  laboratory: readonly LaboratoryKey[],
): Disease {
  return { name, icd10, keyNumber, drugs, laboratory }
}

export const DISEASES = {
  hypertension: disease('高血圧症', 'I10', undefined, ['amlodipine'], ['potassium', 'creatinine']),
  diabetes: disease('２型糖尿病', 'E11.9', '20050020', ['metformin', 'sitagliptin'], ['hba1c', 'creatinine']),
  dyslipidaemia: disease('脂質異常症', 'E78.5', undefined, ['rosuvastatin'], ['ldl', 'ast']),
  fibrillation: disease('心房細動', 'I48.9', undefined, ['apixaban'], ['haemoglobin', 'creatinine']),
  heartFailure: disease('うっ血性心不全', 'I50.0', '20084004', ['apixaban'], ['bnp', 'potassium']),
  angina: disease('狭心症', 'I20.9', undefined, ['aspirin', 'nitroglycerin'], ['ldl']),
  kneeArthrosis: disease('変形性膝関節症', 'M17.9', undefined, ['loxoprofen'], ['crp']),
  ulcer: disease('十二指腸潰瘍', 'K26.9', '20064049', [], ['haemoglobin']),
  colitis: disease('大腸炎', 'A09.9', '20069737', [], ['crp', 'sodium']),
  bronchitis: disease('急性気管支炎', 'J20.9', undefined, ['coughMixture'], ['crp']),
  insomnia: disease('不眠症', 'G47.0', undefined, ['sleepMixture'], []),
  depression: disease('うつ病', 'F32.9', undefined, [], []),
  stomachCancer: disease('胃癌', 'C16.9', undefined, [], ['haemoglobin', 'alt', 'ureaNitrogen']),
} as const satisfies Record<string, Disease>
export type DiseaseKey = keyof typeof DISEASES
