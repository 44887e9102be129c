import { sql } from 'drizzle-orm'
import { expect, test } from 'vitest'
import { capturedLog } from '../support/captured-log.ts'
import { expectRefusal } from '../support/expect-refusal.ts'
import { patientIn, patientPath, testHub } from '../support/test-hub.ts'

const feed = {
  method: 'PUT',
  path: patientPath('minato', 'm-1'),
  body: JSON.stringify(patientIn('minato', 'm-1')),
}

test('503 with Retry-After for a feed that waits too long for a lock; a warning with its code, and no stack', async () => {
  const { log, lines } = capturedLog()
  await using t = await testHub({ log })
  const fed = await t.db.transaction(async (tx) => {
    await tx.execute(sql`lock table registration in exclusive mode`)
    return t.send('minato', feed)
  })
  expect(fed.headers.get('retry-after')).toBe('2')
  await expectRefusal(fed, 503, 'unavailable')
  const told = lines.map((line) => JSON.parse(line)).filter(({ event }) => event.startsWith('http.'))
  expect(told).toEqual([
    expect.objectContaining({
      level: 'warn',
      event: 'http.unavailable',
      requestId: fed.headers.get('x-request-id'),
      reasons: ['55P03'],
    }),
  ])
  expect(JSON.stringify(told)).not.toMatch(/stack|汐見/)
  expect((await t.send('minato', feed)).status).toBe(201)
})

test('an internal fault of PostgreSQL stays an error with its place, though it is answered with 503 too', async () => {
  const { log, lines } = capturedLog()
  await using t = await testHub({ log })
  await t.db.execute(sql`create function fault() returns trigger language plpgsql as
    $$ begin raise exception 'checksum' using errcode = 'XX001'; end $$`)
  await t.db.execute(
    sql`create trigger fault before insert on registration for each row execute function fault()`,
  )
  await expectRefusal(await t.send('minato', feed), 503, 'unavailable')
  expect(lines.map((line) => JSON.parse(line))).toContainEqual(
    expect.objectContaining({ level: 'error', event: 'http.fault', err: expect.anything() }),
  )
})
