/** 要介護状態区分コード, as municipalities use it. */
export const CARE_LEVELS = {
  '12': '要支援1',
  '13': '要支援2',
  '21': '要介護1',
  '22': '要介護2',
  '23': '要介護3',
  '24': '要介護4',
  '25': '要介護5',
} as const
export type CareLevel = keyof typeof CARE_LEVELS
