export { assetRoutes } from './assets.ts'
export { PAGE_CSP, type Page } from './page.ts'
export { statusPage } from './status.ts'
