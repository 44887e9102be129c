import { type Element, elementOf, elementsOf, textOf } from './elements.ts'

/** The infections that JP-CLINS designates, as laboratories write them where they send no national code. */
const WORDS = /梅毒|トレポネーマ|[BC]型肝炎|エイズ|(?<![A-Z])(HBS|HBV|HCV|HIV|TPHA|TPLA|TPAB|FTA-?ABS|RPR)/

/**
 * Whether a result names one of the designated infections in words. It is no classification, since words are the
 * sender's own; but whoever keeps infections back means such a result too.
 */
export function namesInfection({ resourceType, code, component }: Element): boolean {
  if (resourceType !== 'Observation' && resourceType !== 'DiagnosticReport') return false
  const concepts = [code, ...elementsOf(component).map((part) => part.code)]
  return concepts.some((concept) => wordsOf(concept).some((words) => WORDS.test(words)))
}

function wordsOf(concept: unknown): string[] {
  const element = elementOf(concept)
  const texts = [element?.text, ...elementsOf(element?.coding).map(({ display }) => display)]
  return texts.flatMap((text) => textOf(text)?.normalize('NFKC').toUpperCase() ?? [])
}
