/** One rule that a resource breaks. The text never holds a value of the resource: it may be a patient's. */
export interface Breach {
  /** `R3010`, `dom-3`, `JP_Condition_eCS#code.text:min`. */
  rule: string
  /** From the resource: `Condition.code.coding[0].system`. */
  path: string
  /** One sentence in Japanese. */
  text: string
}

/** Where breaches are put: bounded, so that no answer of a hostile source grows without end. */
export class Breaches {
  static readonly MAX = 200
  readonly found: Breach[] = []
  /** How many more there were. */
  more = 0

  add(rule: string, path: string, text: string): void {
    if (this.found.length >= Breaches.MAX) this.more += 1
    else this.found.push({ rule, path, text })
  }
}
