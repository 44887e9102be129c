/** Legal grounds on which a council may let an emergency stand in for missing consent (個人情報保護法 Articles 20 and 27). */
export const EMERGENCY_GROUNDS = {
  'life-or-body': {
    ja: '個人情報保護法第27条第1項第2号・第20条第2項第2号（人の生命、身体の保護に必要で、同意を得ることが困難）',
    en: 'APPI Articles 27(1)(ii) and 20(2)(ii): needed to protect life or body, consent hard to obtain',
  },
  law: {
    ja: '個人情報保護法第27条第1項第1号・第20条第2項第1号（法令に基づく場合）',
    en: 'APPI Articles 27(1)(i) and 20(2)(i): based on law',
  },
} as const

export type EmergencyGround = keyof typeof EMERGENCY_GROUNDS
export const EMERGENCY_GROUND_CODES = Object.keys(EMERGENCY_GROUNDS) as [
  EmergencyGround,
  ...EmergencyGround[],
]
