import { DESK_KINDS, type DeskForm, type ProxyRelation } from '../../consent/index.ts'
import type { Sentence } from '../../kernel/hub-error.ts'
import { ITEMS } from '../../vocabulary/index.ts'
import type { Names } from './names.ts'

type DeskKind = (typeof DESK_KINDS)[number]

export const KIND_WORDS: Record<DeskKind, Sentence> = {
  consent: { ja: '同意', en: 'Consent' },
  stop: { ja: '停止（電話など）', en: 'Stop, by telephone' },
  withdrawal: { ja: '撤回（書面）', en: 'Withdrawal, on paper' },
  left: { ja: '脱退・転出', en: 'Left the region' },
  deceased: { ja: '死亡', en: 'Died' },
  'not-deceased': { ja: '死亡の取消（誤って入力した死亡）', en: 'A death entered in error' },
}

/** What is told at the desk beside a consent; first what is told by telephone. */
export const OTHER_KINDS = DESK_KINDS.filter((kind) => kind !== 'consent').sort(
  (one, other) => Number(other === 'stop') - Number(one === 'stop'),
)

/** Undefined for what is none of them: a consent needs its paper's page. */
export function otherKind(code: string | undefined): DeskKind | undefined {
  return OTHER_KINDS.find((kind) => kind === code)
}

export const RELATION_WORDS: Record<ProxyRelation, Sentence> = {
  parent: { ja: '親権者', en: 'Parent' },
  guardian: { ja: '後見人', en: 'Guardian' },
}

/** What an entry says, to be compared with its paper. */
export function factsOf(form: DeskForm, names: Names): { label: string; value: string }[] {
  const { proxy } = form
  const list = (label: string, values: readonly string[]) =>
    values.length === 0 ? [] : [{ label, value: values.join('、') }]
  const one = (label: string, value: string | undefined) => (value === undefined ? [] : [{ label, value }])
  return [
    ...one('受付番号', form.receipt),
    ...one('地域患者ID', form.patient),
    ...one('区分', KIND_WORDS[form.kind].ja),
    ...one('同意書の版', form.form),
    ...one(form.kind === 'stop' ? '申し出の日' : '署名日', form.signedOn),
    ...one('入力日', form.enteredOn),
    ...one('有効期限', form.until),
    ...one('死亡日', form.deceasedOn),
    ...one('取り消す理由', form.reason),
    ...one(
      '代理人',
      proxy && `${proxy.name}（${RELATION_WORDS[proxy.relation].ja}、本人生年月日 ${proxy.residentBorn}）`,
    ),
    ...list(
      '拒否項目',
      form.refusedItems.map((item) => ITEMS[item].ja),
    ),
    ...list(
      '拒否機関',
      form.refusedInstitutions.map((each) => `${names.institution(each)}（${each}）`),
    ),
    ...list('拒否地域', form.refusedRegions.map(names.region)),
  ]
}
