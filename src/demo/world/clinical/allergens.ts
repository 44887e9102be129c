/** `ingredient`: `GCM` + YJ code whose last three are ZZZ; `product`: `YCM` + YJ; the others are J-FAGY's. */
export type AllergenKind = 'ingredient' | 'product' | 'food' | 'other'

export interface Allergen {
  kind: AllergenKind
  code: string
  name: string
  reaction: string
}

const allergen = (kind: AllergenKind, code: string, name: string, reaction: string): Allergen => ({
  kind,
  code,
  name,
  reaction,
})

export const ALLERGENS = {
  loxoprofen: allergen(
    'ingredient',
    'GCM1149019F1ZZZ',
    'ロキソプロフェンナトリウム水和物',
    '全身じん麻疹、呼吸困難',
  ),
  aspirin: allergen('product', 'YCM3399007H1021', 'バイアスピリン錠１００ｍｇ', '喘鳴'),
  diclofenac: allergen('ingredient', 'GCM1147002F1ZZZ', 'ジクロフェナクナトリウム', '顔面浮腫'),
  coAmoxiclav: allergen('ingredient', 'GCM6139100F2ZZZ', 'アモキシシリン・クラブラン酸', '発疹'),
  povidoneIodine: allergen('ingredient', 'GCM2260701F1ZZZ', 'ポビドンヨード', '接触皮膚炎'),
  mackerel: allergen('food', 'J9FC11310000', 'さば', 'じん麻疹'),
  shrimp: allergen('food', 'J9FC15110000', 'えび', '口腔内のかゆみ'),
  buckwheat: allergen('food', 'J9FA19140000', 'そば', '呼吸困難'),
  egg: allergen('food', 'J9FB13110000', '鶏卵', '発疹'),
  cedar: allergen('other', 'J9NK13320000', 'スギ', '鼻炎'),
  latex: allergen('other', 'J9NP14110000', 'ラテックス（天然ゴム）', '接触じん麻疹'),
} as const satisfies Record<string, Allergen>
export type AllergenKey = keyof typeof ALLERGENS
