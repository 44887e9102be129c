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
import {
  type ReceiptClaims,
  receiptClaimsSchema,
  type SigningKey,
  verifyingKey,
  verifyToken,
} from '../../trust/index.ts'
import { regionKeyOf } from '../set-up.ts'
import type { Demo } from '../start-demo.ts'
import { REGION_IDS, STORY } from '../world/index.ts'
import { askAsRegion } from './ask-as-region.ts'
import { withHubDatabase } from './hub-database.ts'
import { expectThat, type Step } from './step.ts'

const POLL_MS = 200

/** The hub's own receipt of the answer looked at here: the next step holds the hub to what it promises. */
let hubReceipt: ReceiptClaims | undefined

/** An answer whose receipts are looked at from outside, of the resident known in all three regions. */
async function anAnswer(demo: Demo) {
  const { reply, receipt } = await askAsRegion(
    demo,
    await regionKeyOf(demo.config, 'shiokaze'),
    STORY.everywhere,
  )
  expectThat(reply.status === 200, `status ${reply.status}: ${reply.said}`)
  const receipts = reply.provenances.map((provenance) => {
    const [signature] = provenance.signature as { data: string }[]
    return Buffer.from(signature?.data ?? '', 'base64').toString()
  })
  expectThat(receipts.length > 0, 'the answer carries no receipt')
  return { receipt, receipts }
}

/** The receipt of a region for the hub, or of the hub for shiokaze, by a key that the hub is not asked for. */
async function receiptBy(
  owners: ReadonlyMap<string, SigningKey>,
  audience: string,
  receipt: string,
): Promise<ReceiptClaims> {
  const { claims } = await verifyToken(receipt, {
    typ: 'tsunagi-receipt+jwt',
    schema: receiptClaimsSchema,
    audience,
    now: new Date(),
    keyOf: async (kid) => {
      const [owner, key] = [...owners].find(([, each]) => each.kid === kid) ?? []
      return owner === undefined || key === undefined
        ? undefined
        : { ...(await verifyingKey(key.publicJwk)), owner }
    },
  })
  return claims
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
    ja: '受領証を、ハブを介さず各自の鍵で確かめる',
    en: 'Receipts verify by the keys of those who answered, without the hub',
    run: async (demo) => {
      const { receipt, receipts } = await anAnswer(demo)
      const regions = new Map<string, SigningKey>()
      for (const id of REGION_IDS) regions.set(id, await regionKeyOf(demo.config, id))
      const given = await Promise.all(receipts.map((each) => receiptBy(regions, demo.hubUrl, each)))
      const hub = new Map([[demo.hubUrl, (await readHubKeys(demo.config)).receipt]])
      hubReceipt = await receiptBy(hub, 'shiokaze', receipt)
      return `receipts of ${given.map(({ iss, count }) => `${iss} (${count})`).join(', ')} and of the hub (${hubReceipt.count})`
    },
  },
  {
    ja: '受領証で約束された記録が、期限までに監査ログにある',
    en: 'The entry that the hub’s receipt promised is in the log by its deadline, by proof',
    run: async (demo) => {
      expectThat(hubReceipt !== undefined, 'there is no receipt of the hub to hold it to')
      const { leaf, by } = hubReceipt.promise
      const { checkpoint } = await readHubKeys(demo.config)
      const { publicKey, origin } = logSigner(new URL(demo.hubUrl).host, checkpoint)
      for (;;) {
        const response = await fetch(`${demo.hubUrl}/audit/proof?leaf=${leaf}`)
        if (response.ok) {
          const proof = inclusionSchema.parse(await response.json())
          const verdict = verifyProof(proof, leaf, { origin, publicKey })
          expectThat(verdict === 'included', `the proof says ${verdict}`)
          return `promised by ${by}: leaf ${leaf.slice(0, 12)}… is entry ${proof.index} of ${proof.size}`
        }
        await response.body?.cancel()
        expectThat(Date.now() < Date.parse(by), 'the promise was not kept')
        await new Promise((resolve) => setTimeout(resolve, POLL_MS))
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
