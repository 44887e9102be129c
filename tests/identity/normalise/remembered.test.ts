import { expect, test } from 'vitest'
import { remembered } from '../../../src/identity/normalise/remembered.ts'

test('what a text gave is given again, nothing too, until twenty thousand others have come', () => {
  const asked: string[] = []
  const of = remembered((text) => {
    asked.push(text)
    return text === 'none' ? undefined : { text }
  })
  const first = of('佐藤')
  expect(of('佐藤')).toBe(first)
  expect([of('none'), of('none')]).toEqual([undefined, undefined])
  expect(asked).toEqual(['佐藤', 'none'])
  for (let other = 0; other < 20_000; other++) of(`${other}`)
  expect(of('佐藤')).toEqual(first)
  expect(asked.filter((text) => text === '佐藤')).toHaveLength(2)
})
