/**
 * Why nothing is given, in the order of the ladder. Told to the holder's council and to the audit, never to the
 * asker: from outside every one of them looks the same.
 */
export const DENY_REASONS = {
  'no-agreement': { ja: '地域間の協定がない', en: 'The councils have no agreement' },
  'asking-not-started': {
    ja: '照会元の地域が照会の段階に達していない',
    en: 'The asking region may not ask (yet)',
  },
  'answering-not-started': {
    ja: '保有する地域が回答の段階に達していない',
    en: 'The holding region does not answer (yet)',
  },
  'not-a-member': {
    ja: '照会元の機関が参加機関でない',
    en: 'The institution is not a current member of the asking region',
  },
  protected: { ja: '支援措置の対象者である', en: 'The person is protected' },
  deceased: {
    ja: '死亡後の閲覧期間を過ぎている',
    en: 'The person has died, and the days in which other regions may still view are over',
  },
  'no-consent': { ja: '同意の記録がない', en: 'No consent is on record at the holder' },
  withdrawn: { ja: '同意が撤回されている', en: 'The consent is withdrawn or refused' },
  stopped: {
    ja: '電話で停止されている',
    en: 'Stopped by telephone, until paper confirms or lifts it',
  },
  'left-region': { ja: '本人が地域の登録から脱退している', en: 'The resident has left the region' },
  'not-yet-valid': { ja: '同意の有効期間の前である', en: 'The consent is not valid yet' },
  expired: { ja: '同意の有効期間が過ぎている', en: 'The consent has expired' },
  'proxy-lapsed': {
    ja: '代理人の同意が失効している（本人の同意が必要）',
    en: 'What a parent or guardian signed has lapsed; the resident has to sign',
  },
  'form-unread': {
    ja: '同意書の版を協議会がまだ判定していない',
    en: 'The council has not declared what the form covers',
  },
  'form-own-region': {
    ja: '同意書が自地域内の共有だけを対象としている',
    en: 'The form covers the own region only',
  },
  'region-refused': {
    ja: '本人が照会元の地域への提供を拒否している',
    en: 'The resident keeps everything from the asking region',
  },
  'institution-refused': {
    ja: '本人が照会元の機関への提供を拒否している',
    en: 'The resident keeps everything from the asking institution',
  },
  'at-query-consent-missing': {
    ja: '閲覧時の本人の同意が申告されていない',
    en: 'A council asks that the resident agree to each viewing, and nobody states that they did',
  },
  'viewer-not-named': {
    ja: '機関種別・職種・役職の組合せに閲覧権限がない',
    en: 'No row of the viewing matrix names this kind, profession and post',
  },
  'search-not-permitted': {
    ja: '被保険者番号なしで本人を探す権限がない',
    en: 'This kind, profession or post may not find a resident without the insured number',
  },
  'purpose-mismatch': {
    ja: '利用目的と緊急時閲覧の申告が一致しない',
    en: 'Purpose and break-glass do not agree',
  },
  'ceiling-reached': {
    ja: '一日に閲覧できる人数の上限に達している',
    en: 'The holder’s ceiling of residents a day is reached',
  },
  unvisited: { ja: '未受診医療機関等である', en: 'The institution has no visit of this person' },
  'first-visit-not-permitted': {
    ja: '初診として閲覧する権限がない',
    en: 'This kind, profession or post may not confirm a first visit',
  },
  'warnings-not-acknowledged': {
    ja: '未受診の警告が確認されていない',
    en: 'The two warnings to an unvisited institution were not acknowledged',
  },
  'break-glass-not-permitted': {
    ja: '緊急時閲覧の権限がない',
    en: 'This kind, profession or post may not break the glass',
  },
  'second-factor-missing': {
    ja: '二要素によるログインでない',
    en: 'Breaking the glass takes a login by two factors',
  },
  'not-exactly-one-person': {
    ja: '氏名・性別・生年月日・住所のすべてが示されていない',
    en: 'Breaking the glass takes name, sex, birth date and address of exactly one person',
  },
  'break-glass-expired': {
    ja: '緊急時閲覧の時間（60分）が過ぎている',
    en: 'The hour for which the glass was broken is over',
  },
  'nothing-permitted': {
    ja: '照会した項目に提供できるものがない',
    en: 'None of the items asked is permitted',
  },
} as const

export type DenyReason = keyof typeof DENY_REASONS

/** Why one item is kept back although others are given, in the order of the ladder. */
export const WITHHOLD_REASONS = {
  'not-in-agreement': { ja: '協定の対象外', en: 'Outside the agreement' },
  'item-refused': { ja: '本人が提供を拒否', en: 'Refused by the resident' },
  'care-not-covered': {
    ja: '同意書が介護情報を対象としていない',
    en: 'The form does not cover care information',
  },
  'not-shared': { ja: '保有する地域の共有項目でない', en: 'Not shared by the holder' },
  'not-viewable': { ja: '閲覧設定により不可', en: 'Not viewable for this kind, profession and post' },
} as const

export type WithholdReason = keyof typeof WITHHOLD_REASONS

/** What whoever receives a permit owes for it. */
export const OBLIGATIONS = {
  'notify-holder': { ja: '保有する協議会へ直ちに通知', en: 'Notify the holding council at once' },
  'report-within-24h': { ja: '24時間以内に報告', en: 'Report within 24 hours' },
  'review-within-5-working-days': {
    ja: '保有する協議会が5営業日以内に確認',
    en: 'The holding council’s privacy officer reviews it within 5 working days',
  },
  'record-legal-ground': {
    ja: '同意のない緊急時閲覧の法的根拠を記録',
    en: 'Record the legal ground of viewing without consent',
  },
} as const

export type Obligation = keyof typeof OBLIGATIONS

/** On what ground an institution views, for the record and for what the resident is told. */
export const GROUNDS = {
  visit: { ja: '受診・利用', en: 'A visit' },
  'first-visit': { ja: '初診（閲覧者の確認による）', en: 'A first visit, on the viewer’s confirmation' },
  emergency: { ja: '緊急時閲覧', en: 'An emergency' },
  'emergency-without-consent': {
    ja: '緊急時閲覧（同意の記録なし、協議会の定める法的根拠による）',
    en: 'An emergency without consent on record, on the legal ground that the council named',
  },
} as const

export type Ground = keyof typeof GROUNDS
