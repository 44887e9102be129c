import type { Sentence } from '../../kernel/hub-error.ts'
import type { Field } from '../../pages/index.ts'
import { ITEM_CODES, ITEMS, type Policy } from '../../vocabulary/index.ts'
import { KIND_WORDS, OTHER_KINDS, RELATION_WORDS } from './desk-words.ts'
import type { Names } from './names.ts'
import { type Typed, typedIn } from './sent-form.ts'

type Group = { name: { ja: string; en: string }; fields: Field[] }

const optionsOf = (words: Record<string, Sentence>, codes: readonly string[]) =>
  codes.map((value) => ({ value, label: words[value] ? `${words[value].ja} ${words[value].en}` : value }))

const NO_LIST: Sentence = {
  ja: '地域の一覧を取得できません。地域IDを入力してください。',
  en: 'The list of regions cannot be had just now: give the region’s id.',
}

/** What a paper consent says. `today` is where the day of entering begins. */
export function paperGroups(
  typed: Typed,
  { today, forms, names, region }: { today: string; forms: Policy['forms']; names: Names; region: string },
): Group[] {
  const others = names.regions.filter(({ id }) => id !== region)
  return [
    {
      name: { ja: '書面', en: 'The paper' },
      fields: [
        ...identity(typed),
        {
          ...typedIn(typed, 'form'),
          label: { ja: '同意書の版', en: 'Version of the form' },
          kind: 'text',
          isRequired: true,
          hint: {
            ja: '書面に印刷された版。協議会が読み方を決めていない版では、他の地域へは提供されません。',
            en: 'As printed on the paper. On a version that the council has not read, nothing crosses regions.',
          },
          options: Object.keys(forms).map((value) => ({ value, label: value })),
        },
        day(typed, 'signedOn', { ja: '署名日', en: 'Day of signing' }),
        day(typed, 'enteredOn', { ja: '入力日', en: 'Day of entering' }, today),
        {
          ...typedIn(typed, 'until'),
          label: { ja: '有効期限', en: 'Valid until' },
          kind: 'date',
          hint: { ja: '期限が書かれているときだけ。', en: 'Only where the paper says so.' },
        },
      ],
    },
    { name: { ja: '代理人が署名したとき', en: 'Where somebody else signed' }, fields: proxy(typed) },
    {
      name: { ja: '提供を拒む範囲', en: 'What is refused' },
      fields: [
        {
          ...typedIn(typed, 'refusedItems'),
          label: { ja: '拒否項目', en: 'Items' },
          kind: 'checkboxes',
          options: optionsOf(ITEMS, ITEM_CODES),
        },
        {
          ...typedIn(typed, 'refusedInstitutions'),
          label: { ja: '拒否機関', en: 'Institutions' },
          kind: 'text',
          hint: {
            ja: '機関番号（10 桁）。複数は「、」で区切ります。',
            en: 'Numbers of 10 digits; put 、 between several.',
          },
        },
        {
          ...typedIn(typed, 'refusedRegions'),
          label: { ja: '拒否地域', en: 'Regions' },
          kind: others.length === 0 ? 'text' : 'checkboxes',
          hint: others.length === 0 ? NO_LIST : undefined,
          options: others.map(({ id, name }) => ({ value: id, label: name })),
        },
      ],
    },
  ]
}

/** A call or a paper that ends sharing, or a death, or that one was told in error. */
export function endGroups(typed: Typed, { today }: { today: string }): Group[] {
  return [
    {
      name: { ja: '申し出', en: 'What was told' },
      fields: [
        {
          ...typedIn(typed, 'kind', 'stop'),
          label: { ja: '区分', en: 'Kind' },
          kind: 'radios',
          isRequired: true,
          options: optionsOf(KIND_WORDS, OTHER_KINDS),
        },
        ...identity(typed),
        day(typed, 'signedOn', { ja: '申し出の日（署名日）', en: 'Day it was told or signed' }, today),
        day(typed, 'enteredOn', { ja: '入力日', en: 'Day of entering' }, today),
        {
          ...typedIn(typed, 'deceasedOn'),
          label: { ja: '死亡日', en: 'Day of death' },
          kind: 'date',
          hint: { ja: '死亡のときだけ。', en: 'For a death only.' },
        },
        {
          ...typedIn(typed, 'reason'),
          label: { ja: '取り消す理由', en: 'Why it is taken back' },
          kind: 'text',
          hint: {
            ja: '死亡の取消のときだけ。別の方の確認のあとで有効になります。',
            en: 'Only to take a death back; it counts once somebody else has looked at it.',
          },
        },
      ],
    },
    { name: { ja: '代理人が申し出たとき', en: 'Where somebody else told it' }, fields: proxy(typed) },
  ]
}

function identity(typed: Typed): Field[] {
  return [
    {
      ...typedIn(typed, 'receipt'),
      label: { ja: '受付番号', en: 'Receipt number' },
      kind: 'text',
      isRequired: true,
      hint: {
        ja: '書面・受付簿に記した番号。英数字とハイフン。あとで書面をたどるために使います。',
        en: 'As on the paper or in the register, in letters, digits and hyphens; it leads back to the paper.',
      },
    },
    {
      ...typedIn(typed, 'patient'),
      label: { ja: '地域患者ID', en: 'The region’s patient id' },
      kind: 'text',
      isRequired: true,
    },
  ]
}

function day(typed: Typed, name: string, label: Field['label'], initial?: string): Field {
  return { ...typedIn(typed, name, initial), label, kind: 'date', isRequired: true }
}

function proxy(typed: Typed): Field[] {
  return [
    {
      ...typedIn(typed, 'proxyName'),
      label: { ja: '代理人氏名', en: 'Name' },
      kind: 'text',
      hint: {
        ja: '本人のときは、ここから下の三つを空にします。',
        en: 'Leave these three empty where the resident signed.',
      },
    },
    {
      ...typedIn(typed, 'relation', ''),
      label: { ja: '続柄', en: 'Relation' },
      kind: 'radios',
      options: [
        { value: '', label: '本人 The resident' },
        ...optionsOf(RELATION_WORDS, Object.keys(RELATION_WORDS)),
      ],
    },
    {
      ...typedIn(typed, 'residentBorn'),
      label: { ja: '本人生年月日', en: 'Resident’s birth date' },
      kind: 'date',
    },
  ]
}
