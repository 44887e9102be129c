import { exactJson } from './exact-json.ts'

/** A resource as text: its decimals stay as written, and it takes a third of the memory of its objects. */
export interface Stored {
  id: string
  subject: string | undefined
  text: Buffer
}

interface Identifier {
  system?: string
  value?: string
}

/** The elements that are looked up. */
interface Indexable {
  resourceType: string
  id: string
  subject?: { reference?: string }
  patient?: { reference?: string }
  /** R4 gives an AdverseEvent one at most. */
  identifier?: Identifier | Identifier[]
}

/** What a region's server holds, found by id, by patient and by identifier without a walk through all of it. */
export class FhirIndex {
  /** Answers every question about a patient with another one's resources. */
  wrongPerson = false

  readonly #byReference = new Map<string, Stored>()
  readonly #byType = new Map<string, Stored[]>()
  readonly #byIdentifier = new Map<string, Stored[]>()
  readonly #bySubject = new Map<string, Stored[]>()

  constructor(resources: Iterable<object>) {
    for (const resource of resources) this.#keep(resource as Indexable)
  }

  get(type: string, id: string): Stored | undefined {
    return this.#byReference.get(`${type}/${id}`)
  }

  all(type: string): readonly Stored[] {
    return this.#byType.get(type) ?? []
  }

  /** `token` as in FHIR search: `system|value`, or `value` in any system. */
  identified(type: string, token: string): readonly Stored[] {
    return this.#byIdentifier.get(`${type} ${token}`) ?? []
  }

  /** `reference`: `Patient/id`. */
  about(type: string, reference: string): readonly Stored[] {
    return (
      this.#bySubject.get(`${type} ${this.wrongPerson ? this.#strangerTo(type, reference) : reference}`) ?? []
    )
  }

  #strangerTo(type: string, reference: string): string | undefined {
    return this.all(type).find(({ subject }) => subject !== undefined && subject !== reference)?.subject
  }

  #keep(resource: Indexable): void {
    const { resourceType: type, id } = resource
    const subject = resource.subject?.reference ?? resource.patient?.reference
    const stored: Stored = { id, subject, text: Buffer.from(JSON.stringify(resource)) }
    this.#byReference.set(`${type}/${id}`, stored)
    push(this.#byType, type, stored)
    if (subject !== undefined) push(this.#bySubject, `${type} ${subject}`, stored)
    for (const { system = '', value = '' } of [resource.identifier ?? []].flat()) {
      push(this.#byIdentifier, `${type} ${system}|${value}`, stored)
      push(this.#byIdentifier, `${type} ${value}`, stored)
    }
  }
}

/** The stored text as objects whose numbers are written back as they stood. */
export function resourceIn<T>({ text }: Stored): T {
  return exactJson(text.toString()) as T
}

function push(index: Map<string, Stored[]>, key: string, stored: Stored): void {
  const list = index.get(key)
  if (list === undefined) index.set(key, [stored])
  else list.push(stored)
}
