import { vi } from 'vitest'
import { explainFault } from '../../src/commands/explain-fault.ts'

export interface Ended {
  code: number
  out: string
  err: string
}

/** What a command says in that environment, and with which exit code it ends. */
export async function runCommand(
  environment: Record<string, string>,
  run: () => Promise<number> | number,
): Promise<Ended> {
  const ended: Ended = { code: 0, out: '', err: '' }
  for (const [name, value] of Object.entries(environment)) vi.stubEnv(name, value)
  const out = vi.spyOn(process.stdout, 'write').mockImplementation((text) => {
    ended.out += text
    return true
  })
  const err = vi.spyOn(process.stderr, 'write').mockImplementation((text) => {
    ended.err += text
    return true
  })
  try {
    ended.code = await run()
  } catch (error) {
    ended.code = explainFault(error, (line) => {
      ended.err += `${line}\n`
    })
  } finally {
    out.mockRestore()
    err.mockRestore()
    vi.unstubAllEnvs()
  }
  return ended
}
