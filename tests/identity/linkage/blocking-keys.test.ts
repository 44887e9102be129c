import { expect, test } from 'vitest'
import { numberKeys, releaseKeys, searchKeys } from '../../../src/identity/linkage/index.ts'
import { featuresOf, HANAKO } from '../resident.ts'

/** 斎 is of a confusable class, whose characters have one key. */
const SAITO = { ...HANAKO, family: '斎藤' }

test('keys are the same in every version: those of a million registrations lie in the database', () => {
  const features = featuresOf(SAITO)
  expect(releaseKeys(features)).toEqual([
    8083190401533109089n,
    3643125091826640153n,
    563784985459401320n,
    6648882892515837320n,
  ])
  expect(numberKeys(features)).toEqual([8083190401533109089n])
  expect(searchKeys(features)).toEqual([
    -536187080357378231n,
    5132983026549110407n,
    -2182204776714713286n,
    8825516639601714639n,
    1299864465529971260n,
    -587919610032742439n,
    -6795449549751442527n,
    -5335022072116304615n,
    7115655360641795896n,
  ])
})

test('of many one after another each has its own, as if it were alone', () => {
  const others = [
    { ...SAITO, family: '齋藤', phone: null, insured: null },
    { ...HANAKO, address: null },
    { ...HANAKO, birthDate: null },
    SAITO,
  ].map((record) => featuresOf(record))
  const [first, ...rest] = others.map((features) => releaseKeys(features))
  expect(rest.at(-1)).toEqual(releaseKeys(featuresOf(SAITO)))
  expect(first).toHaveLength(2)
  expect(releaseKeys(others[2] as never)).toEqual([])
})
