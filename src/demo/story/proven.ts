import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { Readable } from 'node:stream'
import {
  exportLog,
  inclusionSchema,
  logSigner,
  readLines,
  verifyExport,
  verifyProof,
} from '../../audit/index.ts'
import { readHubKeys } from '../../hub.ts'
import { receiptClaimsSchema, verifyingKey, verifyToken } from '../../trust/index.ts'
import { regionKeyOf } from '../set-up.ts'
import type { Demo } from '../start-demo.ts'
import { STORY } from '../world/index.ts'
import { ask, patientParameter } from './ask.ts'
import { withHubDatabase } from './hub-database.ts'
import { expectThat, type Step } from './step.ts'

const PROOF_MS = 60_000

/** An answer whose receipts are looked at from outside, of the resident known in all three regions. */
async function anAnswer(demo: Demo) {
  const localId = STORY.everywhere.localIds.shiokaze ?? ''
  const reply = await ask(demo, 's-isobe', { ...patientParameter('shiokaze', localId), _visit: 'outpatient' })
  expectThat(reply.status === 200, `status ${reply.status}: ${reply.said}`)
  const receipts = reply.provenances.map((provenance) => {
    const [signature] = provenance.signature as { data: string }[]
    return Buffer.from(signature?.data ?? '', 'base64').toString()
  })
  expectThat(receipts.length > 0, 'the answer carries no receipt')
  return { reply, receipts }
}

async function exported(demo: Demo): Promise<{ folder: string; file: string }> {
  const folder = mkdtempSync(join(tmpdir(), 'tsunagi-story-'))
  const file = join(folder, 'log.ndjson')
  const { checkpoint } = await readHubKeys(demo.config)
  const lines: string[] = []
  await withHubDatabase(demo, (db) =>
    exportLog(db, logSigner(new URL(demo.hubUrl).host, checkpoint), (line) => {
      lines.push(line)
    }),
  )
  writeFileSync(file, `${lines.join('\n')}\n`)
  return { folder, file }
}

async function verdictOf(text: string) {
  return verifyExport(readLines(Readable.from([Buffer.from(text)])), {})
}

export const proven: readonly Step[] = [
  {
    ja: '受領証を、ハブを介さず各地域の鍵で確かめる',
    en: 'Receipts verify by the regions’ own keys, without the hub',
    run: async (demo) => {
      const { receipts } = await anAnswer(demo)
      const owners: string[] = []
      for (const receipt of receipts) {
        const { claims } = await verifyToken(receipt, {
          typ: 'tsunagi-receipt+jwt',
          schema: receiptClaimsSchema,
          audience: demo.hubUrl,
          now: new Date(),
          keyOf: async (kid) => {
            for (const region of ['minato', 'sagamino', 'shiokaze'] as const) {
              const key = await regionKeyOf(demo.config, region)
              if (key.kid === kid) return { ...(await verifyingKey(key.publicJwk)), owner: region }
            }
            return undefined
          },
        })
        owners.push(`${claims.iss} (${claims.count})`)
      }
      return `receipts of ${owners.join(', ')}`
    },
  },
  {
    ja: '約束された記録が60秒以内に監査ログにある',
    en: 'The promised entry is in the log within 60 s, by proof',
    run: async (demo) => {
      const { checkpoint } = await readHubKeys(demo.config)
      const { publicKey, origin } = logSigner(new URL(demo.hubUrl).host, checkpoint)
      const leaf = await newestPromise(demo)
      const until = Date.now() + PROOF_MS
      const started = Date.now()
      for (;;) {
        const response = await fetch(`${demo.hubUrl}/audit/proof?leaf=${leaf}`)
        if (response.ok) {
          const proof = inclusionSchema.parse(await response.json())
          const verdict = verifyProof(proof, leaf, { origin, publicKey })
          expectThat(verdict === 'included', `the proof says ${verdict}`)
          return `leaf ${proof.index} of ${proof.size}, proven after ${Date.now() - started} ms`
        }
        await response.body?.cancel()
        expectThat(Date.now() < until, 'the promise was not kept')
        await new Promise((resolve) => setTimeout(resolve, 200))
      }
    },
  },
  {
    ja: '書き出した監査ログを、データベースなしで検証する',
    en: 'The exported log verifies without a database',
    run: async (demo) => {
      const { folder, file } = await exported(demo)
      try {
        const verdict = await verdictOf(readFileSync(file, 'utf8'))
        expectThat(verdict.unbroken, JSON.stringify(verdict))
        return `${verdict.entries} entries, root ${verdict.root.slice(0, 12)}…, key from the ${verdict.keyFrom}`
      } finally {
        rmSync(folder, { recursive: true })
      }
    },
  },
  {
    ja: '一文字でも書き換えると、その場所が分かる',
    en: 'One changed character is found, at its entry',
    run: async (demo) => {
      const { folder, file } = await exported(demo)
      try {
        const text = readFileSync(file, 'utf8')
        const line = text.split('\n').find((each) => each.includes('physician')) ?? '{}'
        const changed = (JSON.parse(line) as { index?: number }).index
        const verdict = await verdictOf(text.replace('physician', 'pharmacist'))
        expectThat(!verdict.unbroken, 'the change was not found')
        expectThat(verdict.at === changed, `found at ${verdict.at}, changed at ${changed}`)
        return `${verdict.fault} at entry ${verdict.at}, which is the one changed`
      } finally {
        rmSync(folder, { recursive: true })
      }
    },
  },
]

/** The promise of a release just made, as the asking gateway keeps it. */
async function newestPromise(demo: Demo): Promise<string> {
  await anAnswer(demo)
  return withHubDatabase(demo, async (db) => {
    const [row] = await db.execute<{ leaf: string }>(
      `select rtrim(translate(encode(leaf_hash, 'base64'), '+/', '-_'), '=') as leaf from audit_unsealed order by entry desc limit 1`,
    )
    if (row !== undefined) return row.leaf
    const [sealed] = await db.execute<{ leaf: string }>(
      `select rtrim(translate(encode(leaf_hash, 'base64'), '+/', '-_'), '=') as leaf from audit_leaf order by index desc limit 1`,
    )
    return sealed?.leaf ?? ''
  })
}
