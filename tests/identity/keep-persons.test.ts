import { expect, test } from 'vitest'
import { keepPersons } from '../../src/identity/keep-persons.ts'

const older = { person: 'older', since: new Date('2026-01-01T00:00:00Z') }
const newer = { person: 'newer', since: new Date('2026-02-01T00:00:00Z') }

test('two persons who turn out to be one go on as the older', () => {
  expect(
    keepPersons(
      [['a', 'b']],
      [
        { ref: 'a', ...newer },
        { ref: 'b', ...older },
      ],
      'b',
    ),
  ).toEqual(['older'])
})

test('whoever leaves a person becomes somebody new', () => {
  const held = ['a', 'b', 'c'].map((ref) => ({ ref, ...older }))
  expect(keepPersons([['a'], ['b', 'c']], held, 'a')).toEqual([undefined, 'older'])
})

test('of two halves the one that did not change stays', () => {
  const held = ['a', 'b'].map((ref) => ({ ref, ...older }))
  expect(keepPersons([['a'], ['b']], held, 'a')).toEqual([undefined, 'older'])
  expect(keepPersons([['a'], ['b']], held, 'b')).toEqual(['older', undefined])
})

test('a person of whom somebody is held elsewhere stays there', () => {
  const held = ['a', 'elsewhere'].map((ref) => ({ ref, ...older }))
  expect(keepPersons([['a']], held, 'a')).toEqual([undefined])
})

test('no person is given to two clusters', () => {
  const held = [
    { ref: 'a', ...older },
    { ref: 'b', ...older },
    { ref: 'c', ...newer },
  ]
  expect(keepPersons([['a'], ['b', 'c']], held, 'a')).toEqual([undefined, 'older'])
})
