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
