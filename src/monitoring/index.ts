export { type NetworkStatus, networkStatus, type ServiceState } from './network-status.ts'
export { unreadyReasons } from './readiness.ts'
export { keepSourceReports, type SourceReports } from './source-reports.ts'
