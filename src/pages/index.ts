export { type AlignmentModel, alignmentListPage, alignmentPage } from './alignment.ts'
export { assetRoutes } from './assets.ts'
export { SEXES } from './banner.ts'
export { momentText } from './dates.ts'
export { type EmergencyModel, emergencyPage, type ReportModel, reportPage } from './emergency.ts'
export type { FormAction } from './form.ts'
export {
  type HandOverModel,
  handOverPage,
  type LaunchModel,
  launchPage,
  type OfficeEntryModel,
  officeEntryPage,
  officeHandOverPage,
} from './launch.ts'
export { type NotProvidedModel, notProvidedPage } from './not-provided.ts'
export { type NoticeModel, noticePage } from './notice.ts'
export {
  type Card,
  type CardForm,
  type CardList,
  type Field,
  type OfficeForm,
  type OfficeFrame,
  type OfficeLink,
  type OfficeNotice,
  officeCardsPage,
  officeFormPage,
  officeHomePage,
  officeNoticePage,
  officeReportPage,
} from './office/index.ts'
export { PAGE_CSP, type Page } from './page.ts'
export { type RefusalModel, refusalPage } from './refusal.ts'
export { statusPage } from './status.ts'
export { viewerPage } from './viewer.ts'
export type { LabelledId, ShownSource, ViewerModel } from './viewer-model.ts'
