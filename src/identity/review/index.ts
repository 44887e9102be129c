export {
  type Clerk,
  type Deciding,
  type Decision,
  keepApart,
  mergePersons,
  moveRegistration,
  splitPerson,
  undoDecision,
} from './decide-persons.ts'
export { countWaiting, listWaiting, noteNeed } from './queue-store.ts'
export { reviewRoutes } from './routes.ts'
