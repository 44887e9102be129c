export interface Drug {
  /** YJ code; absent for what the pharmacy mixes itself. */
  yj: string | undefined
  name: string
  usage: string
  tabletsADay: number
  days: number
}

const drug = (
  yj: string | undefined,
  name: string,
  usage: string,
  tabletsADay: number,
  days: number,
): Drug => ({
  yj,
  name,
  usage,
  tabletsADay,
  days,
})

export const DRUGS = {
  amlodipine: drug('2171022F1029', 'ノルバスク錠２．５ｍｇ', '１日１回朝食後', 1, 28),
  metformin: drug('3962002F2027', 'メトグルコ錠２５０ｍｇ', '１日２回朝夕食後', 2, 28),
  sitagliptin: drug('3969010F1034', 'ジャヌビア錠２５ｍｇ', '１日１回朝食後', 1, 28),
  rosuvastatin: drug('2189017F1022', 'クレストール錠２．５ｍｇ', '１日１回夕食後', 1, 28),
  apixaban: drug('3339004F1029', 'エリキュース錠２．５ｍｇ', '１日２回朝夕食後', 2, 28),
  aspirin: drug('3399007H1021', 'バイアスピリン錠１００ｍｇ', '１日１回朝食後', 1, 28),
  nitroglycerin: drug('2171018K1039', 'ニトロペン舌下錠０．３ｍｇ', '発作時１錠', 1, 10),
  loxoprofen: drug('1149019F1560', 'ロキソニン錠６０ｍｇ', '１日３回朝昼夕食後', 3, 7),
  coughMixture: drug(undefined, '院内製剤 せき止め錠', '１日３回毎食後', 3, 5),
  sleepMixture: drug(undefined, '院内約束処方 安眠錠', '１日１回就寝前', 1, 14),
} as const satisfies Record<string, Drug>
export type DrugKey = keyof typeof DRUGS
