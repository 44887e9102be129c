export { itemCodeSystem, itemValueSets } from './item-terminology.ts'
export { keepTallies, type Tallies } from './keep-tallies.ts'
export { type Readiness, readinessCsv, readReadiness } from './readiness.ts'
export { catalogueRoutes, conceptMapRoutes, readinessRoutes } from './routes.ts'
