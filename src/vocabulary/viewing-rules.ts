/**
 * What may be improper viewing, by the audit alone: no staff file, no duty roster. Thresholds are where a person
 * should look, not where somebody is guilty.
 */
export const VIEWING_RULES = {
  'many-unvisited': { ja: '未受診の方を多数照会', en: 'Many unvisited residents' },
  'no-later-visit': {
    ja: '初診・緊急の閲覧後に受診がない',
    en: 'First visits or emergencies that no visit followed',
  },
  'odd-hours': { ja: '深夜の閲覧', en: 'Viewing at night' },
  'many-terminals': { ja: '一つのログインで複数の端末', en: 'One login on several terminals' },
  'emergency-habit': { ja: '緊急時閲覧の反復', en: 'Breaking the glass by habit' },
  'many-unfound': { ja: '該当者のない照会を反復', en: 'Descriptions that fitted nobody' },
  'ceiling-reached': { ja: '一日の閲覧上限に到達', en: 'A daily ceiling was reached' },
} as const
export type ViewingRule = keyof typeof VIEWING_RULES
