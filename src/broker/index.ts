export { emergencyRoutes } from './emergency-routes.ts'
export { countOverdue } from './emergency-store.ts'
export type { Hub } from './hub.ts'
export { brokerRoutes } from './routes.ts'
