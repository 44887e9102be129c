import type { Post, Profession } from '../../vocabulary/index.ts'
import type { RegionId } from './regions.ts'

export interface DemoStaff {
  userId: string
  name: string
  profession: Profession
  post: Post
  /** The institution the login belongs to, by number. */
  institution: string
  /** The region whose gateway knows the login. */
  region: RegionId
}

type Row = [RegionId, string, string, Profession, Post, string]

const ROWS: readonly Row[] = [
  ['minato', 'm-aoki', '青木 汐里', 'physician', 'attending', '1419900011'],
  ['minato', 'm-kurihara', '栗原 櫂', 'physician', 'head', '1419900037'],
  ['minato', 'm-hinata', '日向 みさき', 'nurse', 'staff', '1469900011'],
  ['minato', 'm-tachibana', '橘 湊', 'pharmacist', 'staff', '1449900015'],
  ['minato', 'm-otowa', '音羽 つむぎ', 'care-manager', 'attending', '1479900019'],

  ['sagamino', 'g-miyama', '深山 楓', 'physician', 'attending', '1419900110'],
  ['sagamino', 'g-shirakawa', '白川 蓮', 'physician', 'head', '1419900136'],
  ['sagamino', 'g-asahina', '朝比奈 こずえ', 'nurse', 'staff', '1469900110'],
  ['sagamino', 'g-kusunoki', '楠 いぶき', 'pharmacist', 'staff', '1449900114'],
  ['sagamino', 'g-hatano', '秦 ゆきの', 'care-manager', 'attending', '1479900118'],

  ['shiokaze', 's-isobe', '磯部 航', 'physician', 'attending', '1419900219'],
  ['shiokaze', 's-hamana', '浜名 千波', 'physician', 'head', '1419900235'],
  ['shiokaze', 's-minase', '水瀬 りつ', 'nurse', 'staff', '1469900219'],
  ['shiokaze', 's-kaibara', '貝原 さと', 'pharmacist', 'staff', '1449900213'],
  ['shiokaze', 's-nagisa', '渚 とおる', 'care-manager', 'attending', '1479900217'],
  ['shiokaze', 's-kai', '甲斐 ひより', 'care-worker', 'staff', '1479900217'],
]

/** Logins of people who do not exist, a few per region. */
export const DEMO_STAFF: readonly DemoStaff[] = ROWS.map(
  ([region, userId, name, profession, post, institution]) => ({
    region,
    userId,
    name,
    profession,
    post,
    institution,
  }),
)
