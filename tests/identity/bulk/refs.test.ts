import fc from 'fast-check'
import { expect, test } from 'vitest'
import { joinRefs, orderOf, readerOf, refsBuilder } from '../../../src/identity/bulk/refs.ts'
import { refOf } from '../../../src/identity/patient-id.ts'

const id = fc.record({
  region: fc.constantFrom('minato', 'minato-2', 'shiokaze'),
  localId: fc.string({
    unit: fc.constantFrom('1', '2', 'é', '患', '\u{f900}', '𠮷', '-', '~'),
    minLength: 1,
  }),
})

test('refs of several parts come in the order of their bytes, and each place is told', () => {
  const distinct = fc.uniqueArray(id, { selector: refOf, maxLength: 30 })
  fc.assert(
    fc.property(distinct, fc.integer({ min: 1, max: 4 }), (ids, count) => {
      const parts = Array.from({ length: count }, (_, part) => ids.filter((_, at) => at % count === part))
      const read = parts.map((part) => {
        const builder = refsBuilder()
        for (const each of part) builder.add(each)
        const refs = builder.finish()
        return { refs, order: orderOf(refs) }
      })
      const { refs, places } = joinRefs(read)
      const expected = ids.map(refOf).sort((a, b) => Buffer.compare(Buffer.from(a), Buffer.from(b)))
      expect(Array.from(refs.starts.keys(), readerOf(refs))).toEqual(expected)
      for (const [at, part] of parts.entries())
        expect([...(places[at] ?? [])]).toEqual(part.map((each) => expected.indexOf(refOf(each))))
    }),
  )
})
