export interface LaboratoryItem {
  /** 17 digits of the national core-laboratory list, and its fixed display. */
  jlac10: string
  display: string
  text: string
  unit: string
  low: number
  high: number
  /** How far beyond `high` results may lie. */
  spread: number
  /** Decimals that the laboratory reports. */
  digits: number
  specimen: '血清' | '全血' | '血漿'
}

type Numbers = [low: number, high: number, spread: number, digits: number]

function item(
  jlac10: string,
  display: string,
  text: string,
  unit: string,
  [low, high, spread, digits]: Numbers,
  specimen: LaboratoryItem['specimen'] = '血清',
): LaboratoryItem {
  return { jlac10, display, text, unit, low, high, spread, digits, specimen }
}

export const LABORATORY = {
  potassium: item('3H015000002327201', 'K', 'カリウム', 'mmol/L', [3.6, 4.8, 0.6, 2]),
  sodium: item('3H010000002327101', 'Na', 'ナトリウム', 'mmol/L', [138, 145, 3, 0]),
  creatinine: item('3C015000002329101', 'Cre', 'クレアチニン', 'mg/dL', [0.46, 1.07, 0.4, 2]),
  ureaNitrogen: item('3C025000002329101', 'BUN', '尿素窒素', 'mg/dL', [8, 20, 6, 1]),
  ast: item('3B035000002327201', 'AST', 'AST', 'U/L', [13, 30, 12, 0]),
  alt: item('3B045000002327201', 'ALT', 'ALT', 'U/L', [7, 42, 14, 0]),
  hba1c: item('3D046000001921002', 'HbA1c-NGSP', 'HbA1c（NGSP）', '%', [4.9, 6, 2, 2], '全血'),
  ldl: item('3F077000002327101', 'LDL-C', 'LDLコレステロール', 'mg/dL', [65, 163, 30, 0]),
  crp: item('5C070000002206401', 'CRP', 'CRP', 'mg/dL', [0, 0.14, 1.5, 2]),
  haemoglobin: item('2A030000001930901', 'Hb', 'ヘモグロビン', 'g/dL', [11.6, 16.8, 1.5, 1], '全血'),
  bnp: item('4Z271000002205101', 'BNP', 'BNP', 'pg/mL', [0, 18.4, 120, 1], '血漿'),
} as const satisfies Record<string, LaboratoryItem>
export type LaboratoryKey = keyof typeof LABORATORY

/** Designated infections, by their judged result. */
export const INFECTIONS = {
  hepatitisB: { jlac10: '5F016141001819011', display: 'HBs抗原(判定)', text: 'HBs抗原' },
  hepatitisC: { jlac10: '5F360148202302311', display: 'HCV抗体(判定)', text: 'HCV抗体' },
  syphilis: { jlac10: '5E074135202306211', display: '梅毒STS(判定)', text: '梅毒STS' },
} as const
export type InfectionKey = keyof typeof INFECTIONS
