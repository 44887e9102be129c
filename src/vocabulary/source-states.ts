/**
 * How asking one source ended. `denied` and `not-linked` are private: they are recorded, never shown,
 * because where someone is registered is itself sensitive (design, "Only permitted sources are named").
 */
export const SOURCE_STATES = {
  complete: { ja: '取得', en: 'Answered', issue: 'informational' },
  empty: { ja: '該当する記録なし', en: 'Answered, no such records', issue: 'informational' },
  partial: { ja: '一部のみ取得', en: 'Answered in part', issue: 'processing' },
  timeout: { ja: '応答なし（時間切れ）', en: 'No answer in time', issue: 'timeout' },
  unreachable: { ja: '接続できません', en: 'Cannot be reached', issue: 'transient' },
  busy: { ja: '混雑しています', en: 'Busy', issue: 'throttled' },
  invalid: { ja: '応答が正しくありません', en: 'Answer not valid', issue: 'structure' },
  'wrong-person': {
    ja: '別人の記録が含まれたため破棄しました',
    en: 'Discarded: another person’s records',
    issue: 'security',
  },
  maintenance: { ja: '計画停止中', en: 'Planned maintenance', issue: 'transient' },
  denied: { ja: '提供なし', en: 'Not provided', issue: 'suppressed' },
  'not-linked': { ja: '登録なし', en: 'Not registered', issue: 'suppressed' },
} as const

export type SourceState = keyof typeof SOURCE_STATES

/** States that may be named to the asker; the others look alike from outside. */
export type PublicSourceState = Exclude<SourceState, 'denied' | 'not-linked'>

export function isPublic(state: SourceState): state is PublicSourceState {
  return state !== 'denied' && state !== 'not-linked'
}

/** Whether what the source holds was not (wholly) obtained, so that nothing may read as "none". */
export function isShortOf(state: PublicSourceState): boolean {
  return state !== 'complete' && state !== 'empty'
}

/** The one line for everybody about sources that are not named. */
export const OTHER_REGIONS_LINE = {
  ja: 'その他の地域：登録なし、または提供なし',
  en: 'Other regions: not registered, or not provided',
} as const
