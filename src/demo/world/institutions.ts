import { present } from '../../kernel/must.ts'
import type { InstitutionKind } from '../../vocabulary/index.ts'
import type { RegionId } from './regions.ts'

export interface DemoInstitution {
  /** 10 digits: prefecture 14, fee table (1 medical, 3 dental, 4 pharmacy, 6 visiting nurses), 7 digits. */
  number: string
  name: string
  kind: InstitutionKind
  /** The regions it is a member of; one near a border may have two (guideline §3-2-2). */
  regions: readonly [RegionId, ...RegionId[]]
  department: string
}

type Row = [number: string, kind: InstitutionKind, name: string, department: string, ...regions: RegionId[]]

const ROWS: readonly Row[] = [
  ['1419900011', 'hospital', '港台中央病院', '内科', 'minato'],
  ['1419900029', 'hospital', '汐見坂病院', '外科', 'minato'],
  ['1419900037', 'clinic', 'かもめ内科クリニック', '内科', 'minato'],
  ['1419900045', 'clinic', '灯台前整形外科', '整形外科', 'minato'],
  ['1419900052', 'clinic', 'ひよどり小児科', '小児科', 'minato'],
  ['1419900060', 'clinic', '港台みみはなクリニック', '耳鼻咽喉科', 'minato'],
  ['1439900017', 'dental-clinic', 'さんばし歯科', '歯科', 'minato'],
  ['1449900015', 'pharmacy', 'かもめ通り薬局', '', 'minato'],
  ['1469900011', 'visiting-nurse-station', '訪問看護ステーションいかり', '', 'minato'],
  ['1479900019', 'care-provider', 'ケアプランともづな', '', 'minato'],

  ['1419900110', 'hospital', '相野原総合病院', '内科', 'sagamino'],
  ['1419900128', 'hospital', '藤見台病院', '循環器内科', 'sagamino', 'minato'],
  ['1419900136', 'clinic', 'けやき台内科', '内科', 'sagamino'],
  ['1419900144', 'clinic', 'すすき野ファミリークリニック', '内科', 'sagamino'],
  ['1419900151', 'clinic', '相野原こどもクリニック', '小児科', 'sagamino'],
  ['1419900169', 'clinic', '竹の里皮ふ科', '皮膚科', 'sagamino'],
  ['1449900114', 'pharmacy', 'けやき薬局', '', 'sagamino'],
  ['1469900110', 'visiting-nurse-station', '訪問看護ステーションつくし', '', 'sagamino'],
  ['1479900118', 'care-provider', '居宅介護支援れんげ', '', 'sagamino'],

  ['1419900219', 'hospital', '汐凪記念病院', '内科', 'shiokaze'],
  ['1419900227', 'hospital', '白砂海岸病院', '整形外科', 'shiokaze'],
  ['1419900235', 'clinic', '浜ゆう内科', '内科', 'shiokaze'],
  ['1419900243', 'clinic', '松林整形外科', '整形外科', 'shiokaze'],
  ['1419900250', 'clinic', 'なぎさ眼科', '眼科', 'shiokaze'],
  ['1419900268', 'clinic', '丘の上クリニック', '内科', 'shiokaze', 'sagamino'],
  ['1439900215', 'dental-clinic', '汐凪デンタル', '歯科', 'shiokaze'],
  ['1449900213', 'pharmacy', 'はまゆう薬局', '', 'shiokaze'],
  ['1469900219', 'visiting-nurse-station', '訪問看護ステーションうみかぜ', '', 'shiokaze'],
  ['1479900217', 'care-provider', 'ケアサポートなみのり', '', 'shiokaze'],
]

/** Every name is invented, and numbers use town codes that no office has given out. */
export const DEMO_INSTITUTIONS: readonly DemoInstitution[] = ROWS.map(
  ([number, kind, name, department, first, ...others]) => ({
    number,
    kind,
    name,
    department,
    regions: [present(first, 'an institution is a member somewhere'), ...others],
  }),
)

const BY_NUMBER = new Map(DEMO_INSTITUTIONS.map((institution) => [institution.number, institution]))

export function demoInstitution(number: string): DemoInstitution {
  return present(BY_NUMBER.get(number), 'every institution number of the world is known')
}

/** The members of a region, of the given kinds; its own, so that a border institution's records stay in one place. */
export function homeInstitutions(region: RegionId, ...kinds: InstitutionKind[]): DemoInstitution[] {
  return DEMO_INSTITUTIONS.filter(
    (institution) => institution.regions[0] === region && kinds.includes(institution.kind),
  )
}
