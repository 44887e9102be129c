/** What an unvisited institution is told before it views, where a council warns (guideline §3-4-2 ⑪). */
export const WARNINGS = {
  'first-visit-or-emergency-only': {
    ja: '受診・利用のない方の情報は、初診または緊急の場合のほかは閲覧できません。',
    en: 'Without a visit, viewing is forbidden except at a first visit or in an emergency.',
  },
  'viewing-is-recorded': {
    ja: 'この閲覧は、閲覧者の氏名・所属・日時とともに記録され、後日確認されます。',
    en: 'This viewing is recorded with your name, institution and the time, and is reviewed later.',
  },
} as const

export type Warning = keyof typeof WARNINGS
export const WARNING_CODES = Object.keys(WARNINGS) as [Warning, ...Warning[]]
