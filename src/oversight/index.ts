export { oversightRoutes } from './routes.ts'
export { type RulesRun, runRules } from './run-rules.ts'
export { type Settlement, settleFinding, settlementSchema } from './settle-finding.ts'
export { type FindingRow, listFindings } from './store.ts'
