import { readFileSync } from 'node:fs'
import { JsonRefused, parseJson } from '../kernel/strict-json.ts'
import { POLICY_LIMITS } from '../registry/index.ts'
import { type PolicyFault, policyFaults } from '../vocabulary/index.ts'
import { withNamedFile } from './usage-error.ts'

/** Names every fault of a policy by its place, before the council signs it. 0 none, 1 some. */
export async function checkPolicyFile(file: string, options: { json?: boolean }): Promise<number> {
  const text = await withNamedFile(() => readFileSync(file, 'utf8'), file)
  const faults = faultsOf(text)
  if (options.json === true) process.stdout.write(`${JSON.stringify(faults)}\n`)
  else for (const line of linesOf(file, faults)) process.stdout.write(`${line}\n`)
  return faults.length === 0 ? 0 : 1
}

function faultsOf(text: string): PolicyFault[] {
  if (text.trim() === '') return [{ at: '', ja: 'ファイルが空です。', en: 'The file is empty.' }]
  try {
    return policyFaults(parseJson(text.replace(/^\uFEFF/, ''), POLICY_LIMITS), new Date())
  } catch (error) {
    if (!(error instanceof JsonRefused)) throw error
    return [{ at: '', ja: 'JSONとして読み取れません。', en: `Not well-formed JSON. ${error.message}` }]
  }
}

function linesOf(file: string, faults: readonly PolicyFault[]): string[] {
  if (faults.length === 0) return [`○ ${file}: この閲覧設定は登録できます。 This policy can be recorded.`]
  return faults.map(({ at, word, ja, en }) => {
    const place = [at.replace('*', word ?? '*'), at.includes('*') ? undefined : word]
      .filter(Boolean)
      .join('.')
    return `× ${place === '' ? file : place}: ${ja} ${en}`
  })
}
