import { SYSTEMS } from '../../vocabulary/index.ts'
import { elementOf, listOf } from '../elements.ts'
import type { ProjectRule } from './project-rule.ts'

/** Which of the national flags each of the six data may carry (JP-CLINS 1.5.3, meta.tag). */
const FLAGS: Record<string, readonly string[]> = {
  JP_AllergyIntolerance_eCS: ['LTS'],
  JP_Condition_eCS: ['LTS', 'UNINFORMED', 'UNDELIVERED'],
  JP_MedicationRequest_eCS: [],
  JP_Observation_LabResult_eCS: ['LTS'],
}

/** Since 1.6.0 tags of other systems may stand beside the flags, so that no closed list refuses a wrong flag any more. */
export const TAG_RULES: readonly ProjectRule[] = Object.entries(FLAGS).map(([on, flags]) => ({
  rule: 'tsunagi-flag',
  on,
  since: '1.6.0',
  broken: ({ meta }) =>
    listOf(elementOf(meta)?.tag).flatMap((tag, index) => {
      const { system, code } = elementOf(tag) ?? {}
      return system === SYSTEMS.nationalFlag && !flags.includes(String(code))
        ? [`meta.tag[${index}].code`]
        : []
    }),
  text:
    flags.length === 0
      ? 'この種別の記録に、国のフラグは付けられません。'
      : `この種別の記録に付けられる国のフラグは ${flags.join('、')} だけです。`,
}))
