import { type PatientId, refOf } from '../patient-id.ts'

/** What many registrations are called, in memory that threads share: UTF-8, each from its start to its end. */
export interface Refs {
  bytes: Uint8Array
  starts: Uint32Array
  ends: Uint32Array
}

export interface RefsBuilder {
  add(id: PatientId): void
  finish(): Refs
}

const FIRST_BYTES = 1 << 16
/** UTF-8 takes no more for one unit of UTF-16. */
const BYTES_PER_UNIT = 3

export function refsBuilder(): RefsBuilder {
  let bytes = Buffer.from(new SharedArrayBuffer(FIRST_BYTES))
  let end = 0
  const bounds = [0]
  const need = (more: number): void => {
    if (end + more <= bytes.length) return
    const larger = Buffer.from(new SharedArrayBuffer(Math.max(2 * bytes.length, end + more)))
    bytes.copy(larger)
    bytes = larger
  }
  return {
    add(id) {
      const ref = refOf(id)
      need(BYTES_PER_UNIT * ref.length)
      end += bytes.write(ref, end)
      bounds.push(end)
    },
    finish() {
      const all = sharedNumbers(bounds.length)
      all.set(bounds)
      return { bytes: bytes.subarray(0, end), starts: all.subarray(0, -1), ends: all.subarray(1) }
    },
  }
}

/** The ref at each place. */
export function readerOf(refs: Refs): (place: number) => string {
  return textsOf(refs, 'utf8')
}

/** A letter for each byte: such texts are in order as their bytes are, which is how PostgreSQL orders text. */
function textsOf({ bytes, starts, ends }: Refs, encoding: 'utf8' | 'latin1'): (at: number) => string {
  const buffer = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length)
  return (at) => buffer.toString(encoding, starts[at], ends[at])
}

/** The places of refs in the order of region and id. */
export function orderOf(refs: Refs): Uint32Array {
  const texts = Array.from(refs.starts.keys(), textsOf(refs, 'latin1'))
  const order = Uint32Array.from(texts.keys())
  return order.sort((a, b) => ((texts[a] as string) < (texts[b] as string) ? -1 : 1))
}

/** Refs that were read apart, and their order. */
export interface OrderedRefs {
  refs: Refs
  order: Uint32Array
}

/** All of them in one order, and for each part the places at which its own come to stand. */
export function joinRefs(parts: readonly OrderedRefs[]): { refs: Refs; places: Uint32Array[] } {
  const sum = (of: (part: OrderedRefs) => number) => parts.reduce((total, part) => total + of(part), 0)
  const joined = emptyRefs(
    sum(({ order }) => order.length),
    sum(({ refs }) => refs.bytes.length),
  )
  const places = parts.map(({ order }) => new Uint32Array(order.length))
  const offsets: number[] = []
  for (const [at, { refs }] of parts.entries()) {
    const offset =
      at === 0 ? 0 : (offsets[at - 1] as number) + (parts[at - 1] as OrderedRefs).refs.bytes.length
    offsets.push(offset)
    joined.bytes.set(refs.bytes, offset)
  }
  const heads = parts.map(headOf)
  for (let place = 0; place < joined.starts.length; place++) {
    const at = firstOf(heads)
    const { refs } = parts[at] as OrderedRefs
    const own = (heads[at] as Head).next()
    const offset = offsets[at] as number
    joined.starts[place] = offset + (refs.starts[own] as number)
    joined.ends[place] = offset + (refs.ends[own] as number)
    ;(places[at] as Uint32Array)[own] = place
  }
  return { refs: joined, places }
}

/** How far a part's refs have been taken. */
interface Head {
  /** The next one; undefined when there is none. */
  text: string | undefined
  /** Where it stands in its part; the one behind it is next then. */
  next(): number
}

function headOf({ refs, order }: OrderedRefs): Head {
  const textAt = textsOf(refs, 'latin1')
  let taken = 0
  const peek = () => (taken < order.length ? textAt(order[taken] as number) : undefined)
  const head: Head = {
    text: peek(),
    next() {
      const own = order[taken++] as number
      head.text = peek()
      return own
    },
  }
  return head
}

function firstOf(heads: readonly Head[]): number {
  let first = 0
  for (let at = 1; at < heads.length; at++) {
    const [best, text] = [heads[first]?.text, heads[at]?.text]
    if (text !== undefined && (best === undefined || text < best)) first = at
  }
  return first
}

function emptyRefs(count: number, length: number): Refs {
  return {
    bytes: new Uint8Array(new SharedArrayBuffer(length)),
    starts: sharedNumbers(count),
    ends: sharedNumbers(count),
  }
}

function sharedNumbers(count: number): Uint32Array {
  return new Uint32Array(new SharedArrayBuffer(4 * count))
}
