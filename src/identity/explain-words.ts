import type { LinkRule, LinkVeto } from './linkage/index.ts'

/** Why two registrations may be held to be one person (rules A0 to A5, S), as people say it. */
export const RULE_WORDS: Record<LinkRule, string> = {
  manual: '担当者の判断',
  A0: '確認済みの番号と生年月日が一致',
  A1: '被保険者番号（枝番まで）・生年月日・名が一致',
  A2: '世帯の被保険者番号・生年月日・名が一致',
  A3: '氏名・生年月日と、住所または携帯電話が一致し、性別も違わないこと',
  A4: 'まれな氏名の漢字と読み・生年月日・性別が一致',
  A5: '旧姓・名・生年月日・性別・住所が一致',
  S: '一致の重みの合計が十分',
}

/** What forbids it, or leaves it to people. */
export const VETO_WORDS: Record<LinkVeto, string> = {
  V1: '名が漢字でも読みでも異なる',
  V2: '枝番が異なる',
  V3: '生年月日が異なる',
  V4: '性別が異なる',
  V5: '確認済みの番号が異なる',
  V6: '双子または新生児の仮の名の可能性がある',
  V7: '氏名または生年月日が仮のもの',
  V8: '担当者が別人と判断した',
  V9: '死亡の日より後に受診がある',
  V10: '重複のない名簿に別々に載っている',
  V11: '該当する人が複数いる',
  V12: '相手の別の登録と矛盾する',
  V13: '登録の訂正を待っている',
  floor: '一致の重みが足りない',
  'no-rule': '似ているが、自動で結ぶ規則に当たらない',
}

export const FIELD_WORDS: Record<string, string> = {
  surname: '姓',
  given: '名',
  birthDate: '生年月日',
  sex: '性別',
  insured: '被保険者番号',
  address: '住所',
  mobile: '携帯電話',
  landline: '固定電話',
  care: '介護保険番号',
  payer: '公費番号',
  national: '確認済みの番号',
  email: 'メール',
}
