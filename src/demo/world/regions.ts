import { present } from '../../kernel/must.ts'

export const REGION_IDS = ['minato', 'sagamino', 'shiokaze'] as const
export type RegionId = (typeof REGION_IDS)[number]

export interface DemoRegion {
  id: RegionId
  name: string
  /** The council that runs the network (運営主体の協議会). */
  council: string
  /** Its people's patient ids live under this system; 2.999 is the OID arc reserved for examples. */
  patientSystem: string
  area: string
}

/** Three regional networks that exist nowhere. */
export const DEMO_REGIONS: readonly DemoRegion[] = [
  {
    id: 'minato',
    name: 'みなと連携ネット',
    council: '港台地域医療介護連携協議会（架空）',
    patientSystem: 'urn:oid:2.999.14.1.1',
    area: '県東部・港台市とその周辺（架空）',
  },
  {
    id: 'sagamino',
    name: 'さがみ野つながるネット',
    council: '相野原医療介護連携協議会（架空）',
    patientSystem: 'urn:oid:2.999.14.1.2',
    area: '県央部・相野原市とその周辺（架空）',
  },
  {
    id: 'shiokaze',
    name: 'しおかぜ医療介護ネット',
    council: '汐凪医療介護ネットワーク協議会（架空）',
    patientSystem: 'urn:oid:2.999.14.1.3',
    area: '県西部・汐凪市の海沿い（架空）',
  },
]

export function demoRegion(id: RegionId): DemoRegion {
  return present(
    DEMO_REGIONS.find((region) => region.id === id),
    'every region id has its region',
  )
}
