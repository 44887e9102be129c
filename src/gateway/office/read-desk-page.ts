import { type DeskForm, deskFormSchema } from '../../consent/index.ts'
import type { Sentence } from '../../kernel/hub-error.ts'
import { type Faults, type Sent, said } from './sent-form.ts'

/** What belongs into each field, said where something else stands there. */
const WANTED: Record<string, Sentence> = {
  receipt: {
    ja: '受付番号は、英数字とハイフンで 40 字以内です。',
    en: 'Letters, digits and hyphens, at most 40.',
  },
  patient: { ja: '地域患者IDを入力してください。', en: 'Give the region’s patient id.' },
  kind: { ja: '区分を選んでください。', en: 'Choose what was told.' },
  form: {
    ja: '同意書の版を、英小文字・数字・ハイフンで入力してください（例 form-2025）。',
    en: 'Name the form’s version in lower-case letters, digits and hyphens, like form-2025.',
  },
  signedOn: {
    ja: '実在する日を入力してください（例 2026-06-01）。',
    en: 'Give a day that exists, like 2026-06-01.',
  },
  enteredOn: {
    ja: '署名日（申し出の日）以後の、実在する日を入力してください。',
    en: 'Give a day that exists, not before the day it was signed or told.',
  },
  until: {
    ja: '署名日以後の、実在する日を入力してください。期限がなければ空にします。',
    en: 'Give a day that exists, not before the signing; leave it empty where there is none.',
  },
  proxyName: {
    ja: '代理人の氏名を入力してください。代理人がいなければ、続柄と本人生年月日も空にします。',
    en: 'Give the proxy’s name; where nobody signed for the resident leave relation and birth date empty too.',
  },
  relation: { ja: '代理人の続柄を選んでください。', en: 'Choose the proxy’s relation.' },
  residentBorn: {
    ja: '代理人の同意には、署名日以前の本人の生年月日が必要です。',
    en: 'A proxy’s consent needs the resident’s birth date, not after the signing.',
  },
  refusedItems: { ja: '一覧から選んでください。', en: 'Choose from the list.' },
  refusedInstitutions: {
    ja: '機関番号は英大文字と数字で 10 桁です。複数は「、」で区切ります。',
    en: 'An institution’s number has 10 digits or capitals; put 、 between several.',
  },
  refusedRegions: { ja: '一覧から選んでください。', en: 'Choose from the list.' },
  deceasedOn: {
    ja: '死亡のときは死亡日を入力し、ほかの区分では空にします。今日より後の日は使えません。',
    en: 'Give the day for a death, none otherwise, and none that is still to come.',
  },
  reason: {
    ja: '死亡の取消のときは理由を 4〜200 字で入力し、ほかの区分では空にします。',
    en: 'Say why a death is taken back, in 4 to 200 characters, and leave it empty otherwise.',
  },
}

/** Where a field's part of the entry is called otherwise. */
const FIELD_OF: Record<string, string> = {
  'proxy.name': 'proxyName',
  'proxy.relation': 'relation',
  'proxy.residentBorn': 'residentBorn',
  proxy: 'proxyName',
}

/** The entry of that kind that a page's form says; or each field that is wrong, with what belongs there. */
export function readDeskPage(sent: Sent, kind: DeskForm['kind'] | undefined): { form: DeskForm } | Faults {
  const proxy = {
    name: said(sent, 'proxyName'),
    relation: said(sent, 'relation'),
    residentBorn: said(sent, 'residentBorn'),
  }
  const read = deskFormSchema.safeParse({
    receipt: said(sent, 'receipt'),
    patient: said(sent, 'patient'),
    kind,
    form: said(sent, 'form'),
    signedOn: said(sent, 'signedOn'),
    enteredOn: said(sent, 'enteredOn'),
    proxy: Object.values(proxy).some((each) => each !== undefined) ? proxy : undefined,
    until: said(sent, 'until'),
    refusedItems: sent.get('refusedItems') ?? [],
    refusedInstitutions: (said(sent, 'refusedInstitutions') ?? '').split(/[、,;\s]+/).filter(Boolean),
    refusedRegions: sent.get('refusedRegions') ?? [],
    deceasedOn: said(sent, 'deceasedOn'),
    reason: said(sent, 'reason'),
  })
  if (read.success) return { form: read.data }
  const wrong = read.error.issues.map(({ path }) => {
    const [first = '', second = ''] = path.map(String)
    return FIELD_OF[`${first}.${second}`] ?? FIELD_OF[first] ?? first
  })
  // Named with the rest: the schema compares fields only once each is right by itself.
  if (kind === 'consent' && said(sent, 'form') === undefined) wrong.push('form')
  if (kind === 'deceased' && said(sent, 'deceasedOn') === undefined) wrong.push('deceasedOn')
  if (kind === 'not-deceased' && said(sent, 'reason') === undefined) wrong.push('reason')
  return { fields: new Map(wrong.flatMap((name) => (WANTED[name] ? [[name, WANTED[name]]] : []))) }
}

const NOT_TO_COME: Sentence = {
  ja: '今日より後の日は使えません。',
  en: 'Give no day that is still to come.',
}

/** By which field a refusal is mended. */
export const DESK_PLACES = {
  'receipt-taken': 'receipt',
  'patient-unknown': 'patient',
  'consent-ended': 'patient',
  'death-unknown': 'patient',
  'consent-superseded': 'signedOn',
  'consent-after-death': 'signedOn',
  'consent-stop-holds': 'signedOn',
  'Consent.dateTime': { name: 'signedOn', text: NOT_TO_COME },
  'Consent.extension': { name: 'deceasedOn', text: NOT_TO_COME },
} as const
