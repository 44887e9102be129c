import type { RegionId } from './regions.ts'

/** Somebody of a council's office (協議会事務局), who views no records. */
export interface DemoOfficer {
  region: RegionId
  userId: string
  name: string
  /** Papers, calls and policy, or what the privacy officer (個人情報管理者) looks after. */
  duty: 'desk' | 'privacy'
}

type Row = [RegionId, string, string, DemoOfficer['duty']]

/** Two at each desk, because nobody looks a second time at what they entered themselves. */
const ROWS: readonly Row[] = [
  ['minato', 'm-desk', '入江 まもる', 'desk'],
  ['minato', 'm-desk-2', '帆足 ゆい', 'desk'],
  ['minato', 'm-privacy', '舟木 あかね', 'privacy'],

  ['sagamino', 'g-desk', '森下 あずさ', 'desk'],
  ['sagamino', 'g-desk-2', '原 たくみ', 'desk'],
  ['sagamino', 'g-privacy', '杉谷 のぞみ', 'privacy'],

  ['shiokaze', 's-desk', '沖 なお', 'desk'],
  ['shiokaze', 's-desk-2', '砂田 つばさ', 'desk'],
  ['shiokaze', 's-privacy', '潮崎 ひかる', 'privacy'],
]

export const DEMO_OFFICERS: readonly DemoOfficer[] = ROWS.map(([region, userId, name, duty]) => ({
  region,
  userId,
  name,
  duty,
}))

export const OFFICER_TITLES: Record<DemoOfficer['duty'], { ja: string; en: string }> = {
  desk: { ja: '事務局（同意書・停止・閲覧設定）', en: 'desk: papers, stops, policy' },
  privacy: {
    ja: '個人情報管理者（お知らせ・緊急時閲覧・点検・開示）',
    en: 'privacy officer: notices, emergencies, findings, disclosure',
  },
}
