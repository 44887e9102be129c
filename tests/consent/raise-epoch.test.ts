import { expect, test } from 'vitest'
import { raisePersonEpoch } from '../../src/consent/raise-epoch.ts'
import { readEpochs } from '../../src/registry/index.ts'
import { testContext } from '../support/test-context.ts'

/** Finds each person in turn, then the last one for good: links that are decided while somebody looks. */
function finding(...found: (string | undefined)[]): () => Promise<string | undefined> {
  return async () => (found.length > 1 ? found.shift() : found[0])
}

test('a registration that moves while its consent is recorded raises both persons’ epochs', async () => {
  await using t = await testContext()
  const person = await t.db.transaction((tx) => raisePersonEpoch(tx, finding('before', 'after')))
  expect(person).toBe('after')
  expect(await readEpochs(t.db, ['person:before', 'person:after'])).toEqual(
    new Map([
      ['person:before', 1],
      ['person:after', 1],
    ]),
  )
})

test('nobody registered, or no longer, is an unknown patient; a person who never rests is not waited for', async () => {
  await using t = await testContext()
  const raise = (...found: (string | undefined)[]) =>
    t.db.transaction((tx) => raisePersonEpoch(tx, finding(...found)))
  await expect(raise(undefined)).rejects.toMatchObject({ code: 'patient-unknown' })
  await expect(raise('a', undefined)).rejects.toMatchObject({ code: 'patient-unknown' })
  await expect(raise('a', 'b', 'c', 'd', 'e')).rejects.toMatchObject({ code: 'unavailable' })
  expect(await readEpochs(t.db, ['person:a'])).toEqual(new Map([['person:a', 0]]))
})
