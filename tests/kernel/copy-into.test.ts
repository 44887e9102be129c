import { sql } from 'drizzle-orm'
import { expect, test } from 'vitest'
import { binaryRows, textInRow } from '../../src/kernel/binary-rows.ts'
import { copyInto } from '../../src/kernel/copy-into.ts'
import type { Transaction } from '../../src/kernel/database.ts'
import { testDatabase } from '../support/test-database.ts'

async function setup() {
  const t = await testDatabase('empty')
  await t.db.execute(sql`create table note (
    id int primary key, at timestamptz, key bigint, detail jsonb, word text, yes boolean, check (word <> 'refused'))`)
  return t
}

const AT = new Date('1999-12-31T23:59:59.123Z')

function rowsOf(notes: readonly { id: number; word: string | null }[]): Uint8Array {
  const rows = binaryRows()
  for (const { id, word } of notes) {
    rows.row(6)
    rows.int4(id)
    rows.time(AT)
    rows.int8(0xfedcba98, 0x76543210)
    rows.jsonb(JSON.stringify({ ja: '葛󠄀城 𠮷' }))
    rows.text(word)
    rows.bool(id % 2 === 0)
  }
  return rows.finish()
}

const COLUMNS = 'note (id, at, key, detail, word, yes)'
const put = (tx: Transaction, notes: readonly { id: number; word: string | null }[]) =>
  copyInto(tx, COLUMNS, [rowsOf(notes)])

test('rows come in as they were written, whatever they hold, from several parts', async () => {
  await using t = await setup()
  const long = '長い'.repeat(100_000)
  const parts = [
    rowsOf([{ id: 1, word: '髙' }]),
    rowsOf([]),
    rowsOf([{ id: 2, word: null }]),
    rowsOf([{ id: 3, word: long }]),
  ]
  await t.db.transaction((tx) => copyInto(tx, COLUMNS, parts))
  const rows = await t.db.execute(
    sql`select id, at::text, key::text, detail->>'ja' as ja, word, yes from note order by id`,
  )
  const same = {
    at: '1999-12-31 23:59:59.123+00',
    key: BigInt.asIntN(64, 0xfedcba9876543210n).toString(),
    ja: '葛󠄀城 𠮷',
  }
  expect([...rows]).toEqual([
    { id: 1, ...same, word: '髙', yes: false },
    { id: 2, ...same, word: null, yes: true },
    { id: 3, ...same, word: long, yes: false },
  ])
  expect(textInRow(rowsOf([{ id: 1, word: '髙' }]), 4)).toBe('髙')
})

test('what the server refuses, at the first row or behind the last, fails by its code; the connection goes on', async () => {
  await using t = await setup()
  await t.db.transaction((tx) => put(tx, [{ id: 1, word: null }]))
  const many = Array.from({ length: 50_000 }, (_, id) => ({ id: id + 10, word: 'x'.repeat(20) }))
  const refused = { id: 5, word: 'refused' }
  for (const notes of [[refused], [refused, ...many], [...many, refused]]) {
    await expect(t.db.transaction((tx) => put(tx, notes))).rejects.toMatchObject({ code: '23514' })
  }
  await expect(t.db.transaction((tx) => put(tx, [...many, { id: 1, word: null }]))).rejects.toMatchObject({
    code: '23505',
  })
  await expect(t.db.transaction((tx) => copyInto(tx, 'nothing', []))).rejects.toMatchObject({ code: '42P01' })
  await t.db.transaction(async (tx) => {
    await expect(tx.transaction((inner) => put(inner, [refused]))).rejects.toMatchObject({ code: '23514' })
    await put(tx, [{ id: 2, word: null }])
  })
  expect([...(await t.db.execute(sql`select id from note order by id`))]).toEqual([{ id: 1 }, { id: 2 }])
})

test('what breaks off while its rows are made fails by its own reason; the connection goes on at once', async () => {
  await using t = await setup()
  function* broken(parts: number): Generator<Uint8Array> {
    for (let id = 0; id < parts; id++) yield rowsOf([{ id, word: 'x'.repeat(200_000) }])
    throw new Error('no more')
  }
  for (const parts of [0, 1, 20]) {
    await t.db.transaction(async (tx) => {
      const copying = tx.transaction((inner) => copyInto(inner, COLUMNS, broken(parts)))
      await expect(copying).rejects.toThrow('no more')
      await put(tx, [{ id: 100 + parts, word: null }])
    })
  }
  const ids = [{ id: 100 }, { id: 101 }, { id: 120 }]
  expect([...(await t.db.execute(sql`select id from note order by id`))]).toEqual(ids)
})
