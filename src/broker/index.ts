export type { Hub } from './hub.ts'
export { brokerRoutes } from './routes.ts'
