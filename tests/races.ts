import { spawn } from 'node:child_process'
import { parseArgs } from 'node:util'

/** `npm run test:races -- --rounds 1000`: the races of tests/broker/races.test.ts, as long as wanted. */
const { rounds } = parseArgs({ options: { rounds: { type: 'string', default: '1000' } } }).values
if (!/^[1-9]\d{0,5}$/.test(rounds)) {
  process.stderr.write('Give --rounds as a number of at least one.\n')
  process.exitCode = 2
} else {
  const vitest = ['vitest', 'run', '--config', 'tests/vitest.config.ts', 'tests/broker/races.test.ts']
  const run = spawn('npx', vitest, { stdio: 'inherit', env: { ...process.env, RACE_ROUNDS: rounds } })
  run.once('exit', (code) => {
    process.exitCode = code ?? 1
  })
}
