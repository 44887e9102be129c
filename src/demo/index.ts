export { openEhrPages } from './ehr-pages.ts'
export { type Demo, type DemoOptions, startDemo } from './start-demo.ts'
export { checkStory } from './story/index.ts'
export { printWhereToLook } from './where-to-look.ts'
