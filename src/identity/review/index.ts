export {
  type Clerk,
  type Deciding,
  type Decision,
  keepApart,
  mergePersons,
  moveRegistration,
  splitPerson,
} from './decide-persons.ts'
export { explainWaiting } from './explain-item.ts'
export { countWaiting, listWaiting, noteNeed } from './queue-store.ts'
export { reviewRoutes } from './routes.ts'
export { undoDecision } from './undo-decision.ts'
