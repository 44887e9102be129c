import './kernel/quick-imports.ts'

const { serveHub } = await import('./commands/serve.ts')
process.exitCode = await serveHub()
