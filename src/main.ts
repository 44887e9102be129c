import { serveHub } from './commands/serve.ts'

process.exitCode = await serveHub()
