import type { Code } from '../elements.ts'

const POSITIVE_NEGATIVE = 'http://jpfhir.jp/fhir/LaboResult/CodeSystem/JP_PosNegHold_CS'
const URINE = 'http://jpfhir.jp/fhir/LaboResult/CodeSystem/JP_Urine_Code_CS'
const ABO = 'http://jpfhir.jp/fhir/LaboResult/CodeSystem/JP_BldABO_CS'
const RH = 'http://jpfhir.jp/fhir/LaboResult/CodeSystem/JP_BldRh_CS'

interface Scale {
  system: string
  /** Folded words → code and display. */
  words: ReadonlyMap<string, readonly [code: string, display: string]>
}

const scale = (system: string, values: Record<string, readonly [string, readonly string[]]>): Scale => ({
  system,
  words: new Map(
    Object.entries(values).flatMap(([code, [display, words]]) =>
      [display, ...words].map((word) => [folded(word), [code, display]] as const),
    ),
  ),
})

const SCALES = {
  'positive-negative': scale(POSITIVE_NEGATIVE, {
    1: ['陽性', ['(+)', '+', '＋', 'POS', 'positive', 'プラス', '反応あり']],
    2: ['陰性', ['(-)', '-', '－', 'NEG', 'negative', 'マイナス', '反応なし']],
    3: ['判定保留', ['保留', '(±)', '±', '疑陽性', '偽陽性']],
  }),
  urine: scale(URINE, {
    1: ['－', ['-', '(-)', '陰性']],
    2: ['±', ['(±)', '+-', '+/-']],
    3: ['１＋', ['+', '(+)', '(1+)', '+1']],
    4: ['２＋', ['(2+)', '++', '+2']],
    5: ['３＋', ['(3+)', '+++', '+3']],
    6: ['４＋', ['(4+)', '++++', '+4']],
    7: ['５＋', ['(5+)', '+++++', '+5']],
  }),
  abo: scale(ABO, { 1: ['A', ['A型']], 2: ['B', ['B型']], 3: ['AB', ['AB型']], 4: ['O', ['O型']] }),
  rh: scale(RH, {
    1: ['＋', ['+', '(+)', 'Rh(+)', 'Rh+', '陽性']],
    2: ['－', ['-', '(-)', 'Rh(-)', 'Rh-', '陰性']],
  }),
} as const

/** Groups of the core laboratory items that have a scale of their own. */
const SCALE_OF_GROUP: Record<string, keyof typeof SCALES> = {
  'BLD-ABO': 'abo',
  'BLD-Rh': 'rh',
  'U-TP': 'urine',
  'U-TP-HalfQty': 'urine',
  'U-Glu': 'urine',
  'U-Glu-HalfQty': 'urine',
  'U-Bld': 'urine',
  'U-Bld-HalfQty': 'urine',
}

/**
 * A result in words as the national code for it: by the scale of its item's group, else positive and negative.
 * Undefined for words that are no such result.
 */
export function qualitativeCode(text: string, group: string | undefined): Code | undefined {
  const { system, words } = SCALES[SCALE_OF_GROUP[group ?? ''] ?? 'positive-negative']
  const found = words.get(folded(text))
  return found && { system, code: found[0], display: found[1] }
}

function folded(text: string): string {
  return text
    .normalize('NFKC')
    .replaceAll(/[−‐–—ー]/g, '-')
    .replaceAll(/\s/g, '')
    .toLowerCase()
}
