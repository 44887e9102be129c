import type { Rule } from '../rules/rule.ts'

const SHOWN_MAX = 120

/** A fixed value as it may be shown: it is the guide's, never the sender's. */
export function shown(expected: unknown): string {
  const text = typeof expected === 'string' ? expected : JSON.stringify(expected)
  return text.length > SHOWN_MAX ? `${text.slice(0, SHOWN_MAX)}…` : text
}

/** How a slice is known, for people: `（system=http://…）`. */
export function aboutSlice(slice: Rule): string {
  const told = Object.entries(slice.in ?? {})
    .map(([name, { fixed, pattern }]) => [name, fixed ?? pattern] as const)
    .filter(([, expected]) => typeof expected === 'string')
    .map(([name, expected]) => `${name}=${shown(expected)}`)
  const profile = slice.profiles?.[0] ?? slice.in?.resource?.profiles?.[0]
  const all = [...told, ...(profile === undefined ? [] : [profile])]
  return all.length === 0 ? '' : `（${all.join('、')}）`
}

export const sentences = {
  unknown: (name: string) => `FHIR R4 にない要素「${name}」があります（別の版か、書き誤りです）。`,
  unknownType: () => 'FHIR R4 にないリソース種別です（別の版か、書き誤りです）。',
  object: () => 'JSON のオブジェクトでなければなりません。',
  empty: () => '空の要素は許されません。',
  nothing: () => 'null は値になりません（拡張の付いた繰り返しの中だけで使えます）。',
  list: () => '繰り返し要素なので、配列でなければなりません。',
  single: () => '繰り返しのない要素なので、配列にできません。',
  missing: () => '必須の要素がありません。',
  few: (min: number, found: number) => `${min}件以上必要です（${found}件）。`,
  many: (max: number, found: number) => `${max}件までです（${found}件）。`,
  forbidden: () => 'この要素は使えません。',
  choice: () => '同じ要素に型の違う値が二つあります。',
  type: (types: readonly string[]) => `型は ${types.join('、')} のいずれかでなければなりません。`,
  fixed: (expected: unknown) => `「${shown(expected)}」でなければなりません。`,
  pattern: (expected: unknown) => `「${shown(expected)}」を含まなければなりません。`,
  bind: (url: string) => `値セット ${url} にあるコードでなければなりません。`,
  codes: (codes: readonly string[]) => `コードは ${codes.join('、')} のいずれかでなければなりません。`,
  length: (max: number) => `${max}文字までです。`,
  target: (types: readonly string[]) => `参照先は ${types.join('、')} のいずれかでなければなりません。`,
  otherType: () => '参照先と違う種別（type）が書かれています。',
  closed: () => '定められた種類のどれにも当たりません。',
  dangling: () => '参照先がこの文書・束の中にありません。',
  orphan: () => 'この文書の Composition からたどれない entry です。',
  contained: () => '参照先の contained リソースがありません。',
  modifier: () => '意味を変える未知の指定があるため、内容を扱えません。',
}
