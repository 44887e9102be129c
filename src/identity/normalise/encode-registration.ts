import type { Patient } from '../patient-schema.ts'
import type { Demographics, WrittenAddress } from './demographics.ts'
import { demographicsOf } from './demographics-of-patient.ts'
import { encodeGeneral } from './encode-general.ts'
import { encodeNames } from './encode-names.ts'
import type { Features } from './features.ts'
import { type Address, foldAddress } from './fold-address.ts'
import { foldBirthDate } from './fold-birth-date.ts'
import { foldEmail } from './fold-email.ts'
import { foldInsuredNumber, type InsuredNumber } from './fold-insured-number.ts'
import { foldCareNumber, foldPublicPayer } from './fold-other-numbers.ts'
import { foldPhone } from './fold-phone.ts'
import { ownKeysOf } from './own-keys.ts'
import { isSynthetic } from './synthetic.ts'

/**
 * What linkage compares of a Patient.
 * Pure: the same Patient gives the same features in every process. Takes any text at all; what is no value is left out.
 */
export function encodeRegistration(patient: Patient): Features {
  const features = encode(patient)
  return isSynthetic(patient) ? { ...features, isSynthetic: true } : features
}

function encode(patient: Patient): Features {
  const written = demographicsOf(patient)
  const general = encodeGeneral(patient)
  const keys = some(inOrder(ownKeysOf(patient)))
  const sex = patient.gender === 'unknown' ? undefined : patient.gender
  if (general !== undefined) {
    const { family, given, otherNames, whole } = encodeNames(written.names)
    return { family, given, otherNames, whole, sex, nationalKeys: keys, mobiles: [], ...general }
  }
  const { insured, addresses } = written
  const { family, given, otherNames, whole, placeholder } = encodeNames(written.names)
  const home = addresses.find(({ isFormer }) => !isFormer)
  const { address, area } = home === undefined ? {} : foldAddress(home)
  const { mobiles, landlines } = phonesOf(written.phones)
  return {
    ...{ family, given, otherNames, whole, placeholder, mobiles, landlines, address, area },
    birthDate: foldBirthDate(patient.birthDate),
    sex,
    insured: currentNumber(insured),
    formerInsured: formerNumbers(insured),
    careInsured: oneOf(foldAll(written.careInsured, foldCareNumber)),
    publicPayers: some(foldAll(written.publicPayers, foldPublicPayer)),
    nationalKeys: keys,
    formerAddresses: some(formerAddresses(addresses)),
    email: written.email === undefined ? undefined : foldEmail(written.email),
    deceasedOn: dayOf(patient.deceasedDateTime),
  }
}

type WrittenNumbers = Demographics['insured']

/** Two current numbers contradict each other, so neither is believed. The same one twice is one. */
function currentNumber(insured: WrittenNumbers): InsuredNumber | undefined {
  const current = insured.filter(({ isFormer }) => !isFormer).map(({ value }) => foldInsuredNumber(value))
  const [number] = current
  return current.every((each) => each === number || isEqual(each, number)) ? number : undefined
}

function formerNumbers(insured: WrittenNumbers): InsuredNumber[] | undefined {
  return some(insured.flatMap(({ value, isFormer }) => (isFormer ? (foldInsuredNumber(value) ?? []) : [])))
}

function isEqual(a: InsuredNumber | undefined, b: InsuredNumber | undefined): boolean {
  return JSON.stringify(a) === JSON.stringify(b)
}

function formerAddresses(addresses: readonly WrittenAddress[]): Address[] {
  return addresses.flatMap((address) => (address.isFormer ? (foldAddress(address).address ?? []) : []))
}

function phonesOf(phones: readonly string[]): { mobiles: string[]; landlines: string[] | undefined } {
  const mobiles: string[] = []
  const landlines: string[] = []
  for (const written of phones) {
    const phone = foldPhone(written)
    if (phone === undefined) continue
    if ('mobile' in phone) mobiles.push(phone.mobile)
    else landlines.push(phone.landline)
  }
  return { mobiles: inOrder(mobiles), landlines: some(inOrder(landlines)) }
}

/** Each once; most have one at most. */
function inOrder(texts: string[]): string[] {
  return texts.length < 2 ? texts : [...new Set(texts)].sort()
}

function foldAll(values: readonly string[], fold: (value: string) => string | undefined): string[] {
  return inOrder(values.flatMap((value) => fold(value) ?? []))
}

function oneOf(values: readonly string[]): string | undefined {
  return values.length === 1 ? values[0] : undefined
}

function some<T>(values: T[]): T[] | undefined {
  return values.length === 0 ? undefined : values
}

/** The day itself, of a date or a time; a year or a month alone says less than linkage needs. */
function dayOf(text: string | undefined): string | undefined {
  const date = foldBirthDate(text?.replace(/T.*$/u, ''))
  return date?.precision === 'day' ? date.day : undefined
}
