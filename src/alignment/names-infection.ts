import { type Element, elementOf, elementsOf, listOf, textOf } from './elements.ts'
import infections from './infection-analytes.json' with { type: 'json' }

/**
 * The infections that JP-CLINS designates, as laboratories write them where they send no national code. Letters
 * before a name are another word's (SHBS), but for those of antibodies (aHCV, anti-HBs).
 */
const WORDS = new RegExp(
  [
    '梅毒|トレポネーマ|ワッセルマン|ワ氏反応|ガラス板法|[BC]型(慢性|急性)?肝炎|肝炎ウイルス[BC]|エイズ|免疫不全ウイルス',
    'SYPHILIS|TREPONEMA|HEPATITIS[BC](?![A-Z])|HEPATITIS[BC]VIRUS|HUMANIMMUNODEFICIENCY|(?<![A-Z])AIDS(?![A-Z])',
    '(?<![A-Z])(ANTI|A)?(HBS|HBV|HCV|HIV|TPHA|TPPA|TPLA|TPAB|FTAABS|RPR|STS(?![A-Z]))',
    '(?<![A-Z])(ANTI|A)?HB[CE]?(抗|AG|AB)|(?<![A-Z])TP抗',
  ].join('|'),
)

/** A code of JLAC10 by its look, whatever system it is sent under: all of its 17 characters. */
const JLAC10_CODE = /^[0-9A-Z]{17}$/

/**
 * Whether a result names one of the designated infections in words, or by a national code under a system of the
 * sender's own. It is no classification, since neither is the national mark; but whoever keeps infections back means
 * such a result too, wherever in it the name stands.
 */
export function namesInfection(element: Element): boolean {
  const { resourceType, conclusion, conclusionCode, hasMember } = element
  if (resourceType !== 'Observation' && resourceType !== 'DiagnosticReport') return false
  const parts = [element, ...elementsOf(element.component)]
  const concepts = [
    ...parts.flatMap(({ code, valueCodeableConcept }) => [code, valueCodeableConcept]),
    ...listOf(conclusionCode),
  ]
  if (concepts.some(hasAnalyte)) return true
  const texts = [
    ...concepts.flatMap(textsOf),
    ...parts.map(({ valueString }) => valueString),
    ...elementsOf(element.note).map(({ text }) => text),
    ...elementsOf(hasMember).map(({ display }) => display),
    conclusion,
  ]
  return texts.some(isOfInfection)
}

function textsOf(concept: unknown): unknown[] {
  const element = elementOf(concept)
  return [element?.text, ...elementsOf(element?.coding).map(({ display }) => display)]
}

/** As it stands, and without what laboratories put between the letters: `TP-HA`, `H I V`. */
function isOfInfection(value: unknown): boolean {
  const words = textOf(value)?.normalize('NFKC').toUpperCase()
  if (words === undefined) return false
  return WORDS.test(words) || WORDS.test(words.replaceAll(/[\s・-]/g, ''))
}

function hasAnalyte(concept: unknown): boolean {
  return elementsOf(elementOf(concept)?.coding).some(({ code }) => {
    const plain = textOf(code)?.normalize('NFKC').trim().toUpperCase() ?? ''
    return JLAC10_CODE.test(plain) && Object.hasOwn(infections.analytes, plain.slice(0, 5))
  })
}
