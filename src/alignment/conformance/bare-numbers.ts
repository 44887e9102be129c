import { type Element, elementOf, slotsOf, textOf } from '../elements.ts'

export const BARE_NUMBER = {
  rule: 'tsunagi-quantity-unit',
  text: '数値の結果に単位がありません（単位のない項目は unit を「1」とします）。',
}

/** Numbers of an Observation that no unit stands beside, in words or as a code. */
export function bareNumbers({ valueQuantity, component }: Element): string[] {
  return [
    ...(isBare(valueQuantity) ? ['value.unit'] : []),
    ...slotsOf(component).flatMap((each, index) =>
      isBare(each.valueQuantity) ? [`component[${index}].value.unit`] : [],
    ),
  ]
}

function isBare(value: unknown): boolean {
  const quantity = elementOf(value)
  return quantity !== undefined && textOf(quantity.unit) === undefined && textOf(quantity.code) === undefined
}
