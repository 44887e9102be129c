import { rootOf } from './connected-groups.ts'

/** Registrations that hang together by pairs which qualify. */
export interface Components {
  /** By place: the lowest place of its component. */
  top: Uint32Array
  /** Places of all components of two or more, one component after another, each in order. */
  places: Uint32Array
  /** Where each component starts in `places`, and where the last one ends. */
  starts: Uint32Array
}

/** Union-find over pairs of `stride` numbers each, of which the first two are places. */
export function componentsOf(
  count: number,
  pairs: readonly { numbers: Uint32Array; count: number }[],
  stride: number,
): Components {
  const top = new Uint32Array(new SharedArrayBuffer(4 * count))
  for (let at = 0; at < count; at++) top[at] = at
  for (const { numbers, count: of } of pairs) {
    for (let at = 0; at < of * stride; at += stride) {
      const a = rootOf(top, numbers[at] as number)
      const b = rootOf(top, numbers[at + 1] as number)
      if (a < b) top[b] = a
      else top[a] = b
    }
  }
  const sizes = new Uint32Array(count)
  for (let at = 0; at < count; at++) {
    const root = rootOf(top, at)
    top[at] = root
    sizes[root] = (sizes[root] as number) + 1
  }
  return gathered(top, sizes)
}

function gathered(top: Uint32Array, sizes: Uint32Array): Components {
  let [components, members] = [0, 0]
  for (const size of sizes) {
    if (size < 2) continue
    components++
    members += size
  }
  const places = new Uint32Array(new SharedArrayBuffer(4 * members))
  const starts = new Uint32Array(new SharedArrayBuffer(4 * (components + 1)))
  const next = new Uint32Array(sizes.length)
  let [component, end] = [0, 0]
  for (let root = 0; root < sizes.length; root++) {
    if ((sizes[root] as number) < 2) continue
    starts[component++] = end
    next[root] = end
    end += sizes[root] as number
  }
  starts[component] = end
  for (let at = 0; at < top.length; at++) {
    const root = top[at] as number
    if ((sizes[root] as number) < 2) continue
    places[next[root] as number] = at
    next[root] = (next[root] as number) + 1
  }
  return { top, places, starts }
}
