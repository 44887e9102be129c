export {
  issueHandle,
  personOf,
  personOfHandle,
  type RegistrationOfPerson,
  registrationsOf,
  resolveByDemographics,
} from './find-person.ts'
export { identityRoutes } from './routes.ts'
