import { type Random, weigh } from '../random.ts'
import type { ForeignNames, LegalName, Spelling } from './person.ts'

/** A name as the residence card has it, and how a reception desk writes it in kana. */
export interface Syllables {
  roman: string
  kana: string
  kanji?: string
}

export interface Country {
  weight: number
  families: readonly Syllables[]
  male: readonly Syllables[]
  female: readonly Syllables[]
  /** Middle names are usual. */
  hasMiddle: boolean
  /** A Japanese alias (通称) is usual. */
  aliasShare: number
}

const COUNTRIES: readonly Country[] = [
  {
    weight: 34,
    families: read(
      'WANG ワン 王|LI リ 李|ZHANG チョウ 張|LIU リュウ 劉|CHEN チン 陳|YANG ヨウ 楊|ZHAO チョウ 趙|HUANG コウ 黄|ZHOU シュウ 周|WU ゴ 呉|XU ジョ 徐|SUN ソン 孫|LIN リン 林|GAO コウ 高|GUO カク 郭',
    ),
    male: read(
      'WEI イ 偉|QIANG キョウ 強|MING メイ 明|JIANGUO ケンコク 建国|XIAOMING ギョウメイ 暁明|HAO コウ 浩|LEI ライ 磊|JUN グン 軍|BO ハ 波|PENG ホウ 鵬',
    ),
    female: read(
      'FANG ホウ 芳|NA ナ 娜|XIULAN シュウラン 秀蘭|MIN ビン 敏|JING セイ 静|LI レイ 麗|YAN エン 艶|XIAOLI ギョウレイ 暁麗|TING テイ 婷|XUE セツ 雪',
    ),
    hasMiddle: false,
    aliasShare: 0.08,
  },
  {
    weight: 14,
    families: read(
      'KIM キム 金|LEE イ 李|PARK パク 朴|CHOI チェ 崔|JUNG チョン 鄭|KANG カン 姜|YOON ユン 尹|SHIN シン 申',
    ),
    male: read(
      'MINHO ミンホ 敏浩|JIHOON ジフン 志勲|SUNGMIN ソンミン 成民|YOUNGSOO ヨンス 英洙|JUNHO ジュンホ 俊浩',
    ),
    female: read(
      'JIYOUNG ジヨン 智英|MINJI ミンジ 敏知|SOOJIN スジン 秀珍|EUNJU ウンジュ 恩珠|YUNA ユナ 侑奈',
    ),
    hasMiddle: false,
    aliasShare: 0.55,
  },
  {
    weight: 16,
    families: read('NGUYEN グエン|TRAN チャン|LE レ|PHAM ファム|HOANG ホアン|VU ヴ|DANG ダン|BUI ブイ'),
    male: read(
      'VAN HUNG ヴァン フン|DUC ANH ドゥック アイン|VAN NAM ヴァン ナム|MINH TUAN ミン トゥアン|QUOC VIET クォック ヴィエト',
    ),
    female: read(
      'THI LAN ティ ラン|THI HUONG ティ フオン|THI MAI ティ マイ|THUY LINH トゥイ リン|THI HOA ティ ホア',
    ),
    hasMiddle: false,
    aliasShare: 0.02,
  },
  {
    weight: 14,
    families: read(
      'SANTOS サントス|REYES レイエス|CRUZ クルス|BAUTISTA バウティスタ|GARCIA ガルシア|MENDOZA メンドーサ|RAMOS ラモス',
    ),
    male: read(
      'JOSE ホセ|MARK ANTHONY マーク アンソニー|JOHN PAUL ジョン ポール|RICARDO リカルド|ANGELO アンジェロ',
    ),
    female: read(
      'MARIA マリア|ANA アナ|ROSE ANN ローズ アン|JENNIFER ジェニファー|MARY GRACE メアリー グレース',
    ),
    hasMiddle: true,
    aliasShare: 0.05,
  },
  {
    weight: 10,
    families: read(
      'SILVA シルバ|SOUZA ソウザ|OLIVEIRA オリベイラ|TANAKA タナカ|SUZUKI スズキ|PEREIRA ペレイラ|SATO サトウ',
    ),
    male: read('CARLOS カルロス|MARCOS マルコス|LUCAS ルーカス|PAULO パウロ|RAFAEL ラファエル'),
    female: read('JULIANA ジュリアナ|FERNANDA フェルナンダ|PATRICIA パトリシア|CAMILA カミラ|ALINE アリネ'),
    hasMiddle: true,
    aliasShare: 0.15,
  },
  {
    weight: 12,
    families: read(
      'SHRESTHA シュレスタ|GURUNG グルン|SHARMA シャルマ|SINGH シン|KHAN カーン|RAI ライ|THAPA タパ',
    ),
    male: read('RAJESH ラジェシュ|SURESH スレシュ|BIKASH ビカシュ|AMIT アミット|PRAKASH プラカシュ'),
    female: read('SITA シタ|GITA ギータ|SUNITA スニタ|PUJA プジャ|ANITA アニタ'),
    hasMiddle: false,
    aliasShare: 0.01,
  },
  {
    weight: 8,
    families: read(
      'SMITH スミス|JOHNSON ジョンソン|BROWN ブラウン|WILLIAMS ウィリアムズ|MILLER ミラー|DAVIS デイビス|WILSON ウィルソン',
    ),
    male: read('JAMES ジェームズ|ROBERT ロバート|MICHAEL マイケル|DAVID デイビッド|STEVEN スティーブン'),
    female: read('EMILY エミリー|SARAH サラ|JESSICA ジェシカ|LINDA リンダ|ELIZABETH エリザベス'),
    hasMiddle: true,
    aliasShare: 0.02,
  },
]

const byWeight = weigh(COUNTRIES, ({ weight }) => weight)

/** The country a household comes from, so that its members share the family name. */
export function pickCountry(random: Random): Country {
  return random.among(byWeight)
}

export function pickForeignFamily(random: Random, country: Country): Syllables {
  return random.pick(country.families)
}

/** The legal name (kanji where the residence card has them) with the romanised one, and perhaps an alias. */
export function nameForeigner(
  random: Random,
  country: Country,
  family: Syllables,
  sex: 'male' | 'female',
  japanese: LegalName,
): { legal: LegalName; foreign: ForeignNames } {
  const given = random.pick(country[sex])
  const middle = country.hasMiddle && random.chance(0.6) ? random.pick(country.families) : undefined
  const roman = { family: family.roman, given: join(given.roman, middle?.roman) }
  const legal: LegalName = {
    family: spelt(family, family.roman),
    given: spelt({ ...given, kana: join(given.kana, middle?.kana) }, roman.given),
  }
  const alias = random.chance(country.aliasShare) ? japanese : undefined
  return { legal, foreign: { roman, ...(alias && { alias }) } }
}

function join(one: string, other: string | undefined): string {
  return other === undefined ? one : `${one} ${other}`
}

function spelt({ kanji, kana }: Syllables, roman: string): Spelling {
  return { kanji: kanji ?? roman, kana }
}

function read(text: string): Syllables[] {
  return text.split('|').map((entry) => {
    const [, roman = '', kana = '', kanji] =
      /^([A-Z ]+) ([ァ-ヺー ]+?)(?: (\p{Script=Han}+))?$/u.exec(entry) ?? []
    return kanji === undefined ? { roman, kana } : { roman, kana, kanji }
  })
}
