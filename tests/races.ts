import { spawn } from 'node:child_process'
import { parseArgs } from 'node:util'

/**
 * `npm run test:races -- --rounds 1000`: a withdrawal, unlink or policy change against a release, and first records of
 * one person fed to two processes at once, as often as wanted.
 */
const { rounds } = parseArgs({ options: { rounds: { type: 'string', default: '1000' } } }).values
if (!/^[1-9]\d{0,5}$/.test(rounds)) {
  process.stderr.write('Give --rounds as a number of at least one.\n')
  process.exitCode = 2
} else {
  const files = ['tests/broker/races.test.ts', 'tests/identity/two-processes.test.ts']
  const vitest = ['vitest', 'run', '--config', 'tests/vitest.config.ts', ...files]
  const run = spawn('npx', vitest, { stdio: 'inherit', env: { ...process.env, RACE_ROUNDS: rounds } })
  run.once('exit', (code) => {
    process.exitCode = code ?? 1
  })
}
