/** A name in kanji and in full-width kana. */
export interface Written {
  kanji: string
  kana: string
}

/** A surname with the other ways its holder's records may write it; all fold to one class of characters. */
export interface Surname extends Written {
  variants: readonly string[]
}

const SURNAME_ROWS = `
髙橋 タカハシ 高橋|山﨑 ヤマザキ 山崎|渡邉 ワタナベ 渡辺 渡邊|齋藤 サイトウ 斎藤|濵田 ハマダ 浜田 濱田|𠮷田 ヨシダ 吉田
德永 トクナガ 徳永|廣瀬 ヒロセ 広瀬 廣瀨|櫻井 サクライ 桜井|澤田 サワダ 沢田|眞鍋 マナベ 真鍋|冨田 トミタ 富田|嶋田 シマダ 島田
栁沢 ヤナギサワ 柳沢|國枝 クニエダ 国枝|佐々木 ササキ 佐佐木|田邉 タナベ 田辺 田邊|宮﨑 ミヤザキ 宮崎
佐藤 サトウ|鈴木 スズキ|田中 タナカ|伊藤 イトウ|山本 ヤマモト|中村 ナカムラ|小林 コバヤシ|加藤 カトウ|山田 ヤマダ|山口 ヤマグチ
松本 マツモト|井上 イノウエ|木村 キムラ|林 ハヤシ|清水 シミズ|池田 イケダ|橋本 ハシモト|石川 イシカワ|前田 マエダ|藤田 フジタ
小川 オガワ|後藤 ゴトウ|岡田 オカダ|長谷川 ハセガワ|村上 ムラカミ|近藤 コンドウ|石井 イシイ|遠藤 エンドウ|青木 アオキ|坂本 サカモト
西村 ニシムラ|福田 フクダ|太田 オオタ|三浦 ミウラ|藤井 フジイ|岡本 オカモト|松田 マツダ|中川 ナカガワ|中野 ナカノ|原田 ハラダ
小野 オノ|田村 タムラ|竹内 タケウチ|金子 カネコ|和田 ワダ|中山 ナカヤマ|石田 イシダ|上田 ウエダ|森田 モリタ|柴田 シバタ
酒井 サカイ|工藤 クドウ|横山 ヨコヤマ|宮本 ミヤモト|内田 ウチダ|安藤 アンドウ|大野 オオノ|谷口 タニグチ|今井 イマイ|丸山 マルヤマ`

const ELDER_WOMEN = `
和子 カズコ|節子 セツコ|幸子 サチコ|洋子 ヨウコ|美智子 ミチコ|京子 キョウコ|悦子 エツコ|トシ トシ|ハル ハル|文江 フミエ|千代子 チヨコ
静江 シズエ|久子 ヒサコ|信子 ノブコ|澄子 スミコ|房江 フサエ|美代子 ミヨコ|富美子 フミコ|芳子 ヨシコ|キヨ キヨ|登美子 トミコ|照子 テルコ`
const ELDER_MEN = `
清 キヨシ|勇 イサム|茂 シゲル|正男 マサオ|昭 アキラ|進 ススム|実 ミノル|武 タケシ|勝 マサル|弘 ヒロシ|三郎 サブロウ|義雄 ヨシオ
正一 ショウイチ|喜久雄 キクオ|忠 タダシ|稔 ミノル|博 ヒロシ|良一 リョウイチ|健三 ケンゾウ|龍男 タツオ|富士夫 フジオ|隆 タカシ`
const WOMEN = `
陽子 ヨウコ|恵美 エミ|真由美 マユミ|由美子 ユミコ|裕子 ユウコ|明美 アケミ|直美 ナオミ|美穂 ミホ|彩 アヤ|愛 アイ|舞 マイ|香織 カオリ
葵 アオイ|結衣 ユイ|さくら サクラ|美咲 ミサキ|陽菜 ヒナ|凛 リン|優奈 ユウナ|莉子 リコ|千尋 チヒロ|七海 ナナミ|詩織 シオリ|遥 ハルカ`
const MEN = `
健一 ケンイチ|誠 マコト|浩 ヒロシ|和也 カズヤ|大輔 ダイスケ|翔太 ショウタ|拓也 タクヤ|直樹 ナオキ|達也 タツヤ|亮 リョウ|学 マナブ
剛 ツヨシ|蓮 レン|大翔 ヒロト|湊 ミナト|悠真 ユウマ|陽翔 ハルト|颯太 ソウタ|樹 イツキ|駿 シュン|俊介 シュンスケ|康平 コウヘイ|純一 ジュンイチ`

export const SURNAMES: readonly Surname[] = SURNAME_ROWS.trim()
  .split(/[|\n]/)
  .map((row) => {
    const [kanji = '', kana = '', ...variants] = row.split(' ')
    return { kanji, kana, variants }
  })

/** Given names in fashion when the two generations were born. */
export const GIVEN_NAMES = {
  elder: { female: given(ELDER_WOMEN), male: given(ELDER_MEN) },
  younger: { female: given(WOMEN), male: given(MEN) },
} as const

function given(rows: string): readonly Written[] {
  return rows
    .trim()
    .split(/[|\n]/)
    .map((row) => {
      const [kanji = '', kana = ''] = row.split(' ')
      return { kanji, kana }
    })
}
