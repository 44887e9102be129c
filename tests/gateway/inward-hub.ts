import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { logSigner, signCheckpoint } from '../../src/audit/index.ts'
import { DIRECTORY_AUDIENCE, type Directory, type DirectoryKeys } from '../../src/registry/index.ts'
import {
  freshClaims,
  generateSigningKey,
  inclusionProof,
  rootOf,
  type SigningKey,
  signToken,
} from '../../src/trust/index.ts'

/** A hub with real keys, and as honest as a test wants it: what it serves are its directory and its log. */
export interface FakeHub extends AsyncDisposable {
  url: string
  keys: DirectoryKeys
  version: number
  directory: Directory
  /** Who signs the directory instead of the directory key. */
  signedBy: SigningKey | undefined
  isDown: boolean
  /** Leaf hashes of its log, base64url. */
  log: string[]
  /** Entries it hands out with their proof, by mandate. */
  entries: Map<string, { leaf: string; entry: object }>
  directoriesServed: number
}

export async function startHub(now: () => Date): Promise<FakeHub> {
  const [directory, mandate, receipt, checkpoint] = await Promise.all([
    generateSigningKey('ES256'),
    generateSigningKey('ES256'),
    generateSigningKey('ES256'),
    generateSigningKey('Ed25519'),
  ])
  const hub: FakeHub = {
    url: '',
    keys: { directory, mandate, receipt, checkpoint },
    version: 1,
    directory: {} as Directory,
    signedBy: undefined,
    isDown: false,
    log: [],
    entries: new Map(),
    directoriesServed: 0,
    async [Symbol.asyncDispose]() {
      server.closeAllConnections()
      await new Promise((resolve) => server.close(resolve))
    },
  }
  const server = createServer(async (request, response) => {
    const { pathname, searchParams } = new URL(request.url ?? '', hub.url)
    if (hub.isDown) request.socket.destroy()
    else if (pathname === '/directory') response.end(await directoryOf(hub, now()))
    else if (pathname === '/audit/proof') {
      const proof = await proofOf(hub, searchParams.get('leaf') ?? '')
      response.writeHead(proof === undefined ? 404 : 200).end(JSON.stringify(proof ?? {}))
    } else if (pathname === '/audit/answer') {
      const found = hub.entries.get(searchParams.get('mandate') ?? '')
      const proof = found && (await proofOf(hub, found.leaf))
      response
        .writeHead(proof === undefined ? 404 : 200)
        .end(JSON.stringify(proof === undefined ? {} : { entry: found?.entry, proof }))
    } else response.end('{}')
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  hub.url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`
  return hub
}

function directoryOf(hub: FakeHub, now: Date): Promise<string> {
  hub.directoriesServed += 1
  const { version, directory } = hub
  const claims = { ...freshClaims(hub.url, DIRECTORY_AUDIENCE, now), version, directory }
  return signToken(hub.signedBy ?? hub.keys.directory, 'tsunagi-directory+jwt', claims)
}

async function proofOf(hub: FakeHub, leaf: string) {
  const leaves = hub.log.map((each) => Buffer.from(each, 'base64url'))
  const index = hub.log.indexOf(leaf)
  if (index === -1) return undefined
  const signer = logSigner(new URL(hub.url).host, hub.keys.checkpoint)
  return {
    leaf,
    index,
    size: leaves.length,
    hashes: inclusionProof(leaves, index).map((hash) => Buffer.from(hash).toString('base64url')),
    checkpoint: await signCheckpoint({ size: leaves.length, root: rootOf(leaves) }, signer),
  }
}
