import { type Random, weigh } from '../random.ts'
import type { Spelling } from './person.ts'
import { readTable } from './tables.ts'

/** The listed surnames cover about four people in five. */
const LISTED_SHARE = 0.8

const listed = weigh(
  readTable('surnames.csv').map(([kanji = '', people = '0', kana = '']) => ({
    kanji,
    kana,
    people: +people,
  })),
  ({ people }) => people,
)

/** Parts of which rarer surnames are put together. */
const FIRST = spellings(
  '青アオ 赤アカ 秋アキ 浅アサ 天アマ 荒アラ 有アリ 粟アワ 飯イイ 池イケ 石イシ 泉イズミ 磯イソ 板イタ 市イチ 糸イト 稲イナ 犬イヌ 今イマ 岩イワ 上ウエ 植ウエ 内ウチ 梅ウメ 浦ウラ 江エ 榎エノキ 大オオ 岡オカ 沖オキ 奥オク 小オ 押オシ 鬼オニ 尾オ 甲カイ 笠カサ 柏カシワ 片カタ 勝カツ 金カネ 釜カマ 上カミ 神カミ 亀カメ 川カワ 河カワ 菊キク 岸キシ 北キタ 木キ 清キヨ 桐キリ 草クサ 楠クスノキ 国クニ 久ク 熊クマ 倉クラ 栗クリ 黒クロ 桑クワ 郡コオリ 越コシ 駒コマ 近コン 坂サカ 桜サクラ 笹ササ 里サト 澤サワ 塩シオ 重シゲ 品シナ 篠シノ 柴シバ 島シマ 嶋シマ 下シモ 城シロ 白シラ 杉スギ 鈴スズ 関セキ 高タカ 滝タキ 竹タケ 辰タツ 立タツ 田タ 谷タニ 玉タマ 千チ 塚ツカ 月ツキ 辻ツジ 土ツチ 角ツノ 鶴ツル 寺テラ 時トキ 戸ト 豊トヨ 鳥トリ 中ナカ 長ナガ 永ナガ 夏ナツ 七ナナ 並ナミ 成ナリ 西ニシ 新ニイ 丹ニ 根ネ 野ノ 萩ハギ 橋ハシ 蓮ハス 畑ハタ 花ハナ 羽ハ 浜ハマ 早ハヤ 林ハヤシ 原ハラ 春ハル 坂バン 東ヒガシ 樋ヒ 久ヒサ 菱ヒシ 日ヒ 平ヒラ 広ヒロ 福フク 藤フジ 船フナ 古フル 星ホシ 細ホソ 堀ホリ 前マエ 牧マキ 松マツ 丸マル 三ミ 水ミズ 溝ミゾ 南ミナミ 峰ミネ 宮ミヤ 向ムカイ 村ムラ 室ムロ 本モト 元モト 森モリ 門モン 矢ヤ 安ヤス 柳ヤナギ 山ヤマ 湯ユ 横ヨコ 吉ヨシ 米ヨネ 若ワカ 鷲ワシ 渡ワタリ 和ワ',
)
const SECOND = spellings(
  '田ダ 川カワ 山ヤマ 野ノ 原ハラ 村ムラ 本モト 島シマ 井イ 口グチ 沢ザワ 澤ザワ 崎ザキ 谷ヤ 木キ 内ウチ 岡オカ 橋ハシ 林バヤシ 尾オ 松マツ 森モリ 場バ 塚ヅカ 坂サカ 浦ウラ 見ミ 津ツ 倉クラ 石イシ 宮ミヤ 辺ベ 部ベ 下シタ 中ナカ 瀬セ 屋ヤ 越コシ 江エ 垣ガキ 水ミズ 池イケ 間マ 藤トウ 根ネ 野田ノダ 之内ノウチ 木田キダ 保ホ 城キ 畑ハタ 平ヒラ 沼ヌマ 戸ト',
)

/** A family's name in its common spelling: steep at the top, with a long tail. */
export function pickSurname(random: Random): Spelling {
  if (random.chance(LISTED_SHARE)) {
    const { kanji, kana } = random.among(listed)
    return { kanji, kana }
  }
  const first = FIRST[Math.floor(random.next() ** 1.5 * FIRST.length)] as Spelling
  const second = random.pick(SECOND)
  if (first.kanji === second.kanji) return pickSurname(random)
  return { kanji: first.kanji + second.kanji, kana: first.kana + second.kana }
}

/** Other readings of a surname, most of all what a clerk would guess. */
export const OTHER_SURNAME_READINGS: Readonly<Record<string, string>> = Object.fromEntries(
  spellings(
    '河野カワノ 東アズマ 上村カミムラ 菅野カンノ 角田カクタ 新田シンデン 小山オヤマ 神田カミダ 上田ウワダ 大谷オオヤ 長田オサダ 熊谷クマタニ 小田オオダ 米田マイダ 羽田ハダ 安田ヤスタ 金子カネシ 菊地キクジ 谷口ヤグチ 柳田ヤナイダ 古谷フルタニ 三谷ミツヤ 渋谷シブタニ 東海林トウカイリン 五十嵐イソアラシ 小川コガワ 小原オハラ 小島オジマ 小沢コザワ 西田サイダ 大木オオギ 平野ヒラヤ 土屋ツチタニ 日野ヒノ 服部ハトリ 長谷川ナガヤガワ 飯田イイタ 荒木アラギ 白井シロイ 山内ヤマノウチ 河合カゴウ 関口セキクチ 林リン 原ゲン 森シン 辻ツヂ 堀ボリ 南ナン 星セイ 岡コウ 吉川キッカワ 川上カワウエ 高山コウヤマ 土井ツチイ 田口タノクチ 富田トミタ 沼田ヌマダ 浜田ハマタ 水野ミズヤ 矢野ヤヤ 依田イダ 神谷カミタニ 神山コウヤマ',
  ).map(({ kanji, kana }) => [kanji, kana]),
)

function spellings(text: string): Spelling[] {
  return text.split(' ').map((entry) => {
    const [, kanji = '', kana = ''] = /^([^ァ-ヺ]+)([ァ-ヺー]+)$/.exec(entry) ?? []
    return { kanji, kana }
  })
}
