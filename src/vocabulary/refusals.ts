import { type Fault, HubError, type HubErrorKind, type Sentence } from '../kernel/hub-error.ts'

type Refusal = Sentence & { kind: HubErrorKind }

/** Every refusal a partner can meet: stable code, HTTP kind, one sentence in each language, never with data. */
export const REFUSALS = {
  // Files that an operator loads.
  'map-mismatch': {
    kind: 'malformed',
    ja: '対応表にある列が、ファイルの1行目にありません。',
    en: 'A column that the field map names is not in the first row of the file.',
  },
  'estimate-empty': {
    kind: 'malformed',
    ja: '推定に使える登録が2件以上ありません。先に index load で読み込むか、--kind を確かめてください。',
    en: 'There are not two registrations to estimate from. Load some with index load first, or look at --kind.',
  },
  // The signed request and the other tokens.
  'token-missing': {
    kind: 'unauthenticated',
    ja: '署名付き要求がありません。',
    en: 'Send exactly one signed request as a Bearer token in the Authorization header.',
  },
  'token-invalid': {
    kind: 'unauthenticated',
    ja: '署名付き要求が正しくありません。',
    en: 'The signed request is not valid.',
  },
  'token-too-large': {
    kind: 'unauthenticated',
    ja: '署名付き要求が大きすぎます。',
    en: 'The signed request is too large.',
  },
  'token-type': {
    kind: 'unauthenticated',
    ja: '署名の種類が違います。',
    en: 'The token is of another type than this call needs.',
  },
  'token-algorithm': {
    kind: 'unauthenticated',
    ja: '署名方式が許可されていません。',
    en: 'Only ES256 or Ed25519 signatures by the registered key are accepted.',
  },
  'signing-key-unknown': {
    kind: 'unauthenticated',
    ja: '署名鍵が登録されていません。',
    en: 'The signing key is not registered or no longer valid.',
  },
  'signature-invalid': {
    kind: 'unauthenticated',
    ja: '署名を確認できません。',
    en: 'The signature does not verify.',
  },
  'token-claims': {
    kind: 'unauthenticated',
    ja: '署名付き要求の項目が正しくありません。',
    en: 'The claims are not well formed, or some are missing or unknown.',
  },
  'token-audience': {
    kind: 'unauthenticated',
    ja: '宛先が違います。',
    en: 'The token is addressed to somebody else.',
  },
  'token-issuer': {
    kind: 'unauthenticated',
    ja: '発行者と署名鍵が一致しません。',
    en: 'The issuer is not the holder of the signing key.',
  },
  'token-time': {
    kind: 'unauthenticated',
    ja: '有効期間が正しくありません。',
    en: 'The token is expired, not yet valid, or valid for too long. Check the clock.',
  },
  'token-replayed': {
    kind: 'unauthenticated',
    ja: '同じ要求が既に使われています。',
    en: 'This token was used before; sign a new one.',
  },
  'call-mismatch': {
    kind: 'unauthenticated',
    ja: '署名された内容と呼び出しが一致しません。',
    en: 'Method, URL or body differ from what was signed.',
  },
  'certificate-mismatch': {
    kind: 'unauthenticated',
    ja: 'クライアント証明書が一致しません。',
    en: 'The client certificate is not the one registered for this region.',
  },
  'login-required': {
    kind: 'unauthenticated',
    ja: 'ログインが必要です。',
    en: 'Log in at your region first.',
  },
  'logout-invalid': {
    kind: 'malformed',
    ja: 'ログアウトの通知が正しくありません。',
    en: 'Send one logout_token of your identity provider, which names the user (sub).',
  },
  'login-unfit': {
    kind: 'forbidden',
    ja: 'このログインではこの操作はできません。',
    en: 'This login is for another use.',
  },
  'cross-site': {
    kind: 'forbidden',
    ja: '別のサイトからの操作は受け付けません。',
    en: 'Only pages of this server may do this.',
  },

  // HTTP and parsing.
  'body-malformed': {
    kind: 'malformed',
    ja: '本文を読み取れません。',
    en: 'The body is not well-formed JSON (UTF-8, no duplicate keys, limited depth).',
  },
  'body-too-large': {
    kind: 'too-large',
    ja: '本文が大きすぎます。',
    en: 'The body is larger than this call allows.',
  },
  'body-encoded': {
    kind: 'unsupported-media-type',
    ja: '圧縮された本文は受け付けません。',
    en: 'Send the body without a content encoding.',
  },
  'media-type-unsupported': {
    kind: 'unsupported-media-type',
    ja: 'この形式は受け付けません。',
    en: 'Send application/fhir+json, or a form for a search.',
  },
  'format-not-acceptable': {
    kind: 'not-acceptable',
    ja: 'この形式では回答できません。',
    en: 'Only application/fhir+json can be served.',
  },
  'url-malformed': { kind: 'malformed', ja: 'URLが正しくありません。', en: 'The URL is not well formed.' },
  'host-unknown': {
    kind: 'malformed',
    ja: 'ホスト名が違います。',
    en: 'This server does not answer for that host.',
  },
  'path-unknown': { kind: 'not-found', ja: 'その場所はありません。', en: 'There is nothing at this path.' },
  'method-not-allowed': {
    kind: 'method-not-allowed',
    ja: 'その操作は受け付けません。',
    en: 'This path does not take that method.',
  },
  'parameter-unsupported': {
    kind: 'malformed',
    ja: '対応していない検索条件です。',
    en: 'A search parameter is unknown, repeated or out of bounds.',
  },
  'resource-invalid': {
    kind: 'unprocessable',
    ja: 'リソースの内容が正しくありません。',
    en: 'The resource is not valid for this call.',
  },
  'rate-limited': {
    kind: 'too-many-requests',
    ja: '要求が多すぎます。しばらくお待ちください。',
    en: 'Too many refused requests; wait before trying again.',
  },
  unavailable: {
    kind: 'unavailable',
    ja: '一時的に利用できません。',
    en: 'The service cannot answer now; try again later.',
  },

  // Registry.
  'patient-system-fixed': {
    kind: 'conflict',
    ja: '患者IDの体系は一つの地域だけのもので、変更できません。',
    en: 'A patient-id system belongs to one region and never changes.',
  },
  'region-unknown': { kind: 'not-found', ja: 'その地域は登録されていません。', en: 'No such region.' },
  'key-known': {
    kind: 'conflict',
    ja: 'この鍵は、別の地域の鍵として、または別の期限で登録されているか、既に失効しています。新しい鍵を作って登録してください。',
    en: 'The key is on record as another region’s, with another end, or as retired. Make a new key and register that.',
  },
  'agreement-unknown': {
    kind: 'not-found',
    ja: 'この方向の有効な協定はありません。',
    en: 'No agreement in that direction is in force or planned.',
  },
  'membership-unknown': {
    kind: 'not-found',
    ja: 'この機関はこの地域の参加機関ではありません。',
    en: 'The institution is no member of that region, now or to come.',
  },
  'stage-too-early': {
    kind: 'forbidden',
    ja: '地域の接続段階ではこの操作はできません。',
    en: 'The region has not reached the stage this call needs.',
  },
  'institution-unknown': {
    kind: 'forbidden',
    ja: '参加機関として登録されていません。',
    en: 'The institution is not a current member of the asking region.',
  },
  'policy-invalid': {
    kind: 'unprocessable',
    ja: '閲覧設定が正しくありません。',
    en: 'The policy is not valid; nothing of it was taken.',
  },
  'version-stale': {
    kind: 'conflict',
    ja: 'より新しい版が登録されています。',
    en: 'A newer version is on record.',
  },

  // Identity.
  'source-domain-unknown': {
    kind: 'malformed',
    ja: '患者IDの体系が登録されていません。',
    en: 'sourceIdentifier Assigning Authority not found',
  },
  'target-domain-unknown': {
    kind: 'forbidden',
    ja: '対象の患者ID体系が登録されていません。',
    en: 'targetSystem not found',
  },
  'patient-unknown': {
    kind: 'not-found',
    ja: '該当する登録がありません。',
    en: 'sourceIdentifier Patient Identifier not found',
  },
  'foreign-patient-domain': {
    kind: 'forbidden',
    ja: '他地域の患者ID体系は使えません。',
    en: 'A region writes and asks in its own patient-id domain only.',
  },
  'my-number-refused': {
    kind: 'unprocessable',
    ja: '個人番号（マイナンバー）らしき値が含まれるため受け付けません。',
    en: 'The resource holds what looks like an Individual Number; it was refused and not kept.',
  },
  'registration-replaced': {
    kind: 'conflict',
    ja: '登録済みの方とは別の方と思われるため受け付けません。取り違えでなければ、先に登録を削除してください。',
    en: 'The registration would become another person. Remove it first if that is what is meant.',
  },
  'merge-invalid': {
    kind: 'unprocessable',
    ja: '統合（replaced-by）の内容が正しくありません。active:false と、統合先の自地域の患者ID一つが必要です。',
    en: 'A merge needs active:false and one replaced-by link to another id of the region’s own.',
  },
  'merge-cycle': {
    kind: 'conflict',
    ja: '統合先が、この登録に統合されています。',
    en: 'The registration it is replaced by is itself replaced by this one.',
  },
  'registration-merged': {
    kind: 'conflict',
    ja: 'この登録は別の登録に統合済みです。統合先のIDで送るか、取り消す場合は先に削除してください。',
    en: 'The registration was merged into another. Feed that one, or remove this one first to take the merge back.',
  },
  'feed-halted': {
    kind: 'conflict',
    ja: '登録の変更が通常の量を超えたため止めました。意図した変更であれば、運営主体に許可を求めてください。',
    en: 'More registrations changed than is usual, so feeding has stopped. If that is meant, ask the operator to allow it.',
  },
  'search-domain-unknown': {
    kind: 'not-found',
    ja: '対象の患者ID体系が登録されていません。',
    en: 'targetSystem not found',
  },
  'resource-unknown': {
    kind: 'not-found',
    ja: '該当する登録がありません。',
    en: 'No such Patient in the caller’s own domain.',
  },
  'search-too-broad': {
    kind: 'malformed',
    ja: '検索条件が広すぎます。氏名と生年月日など、条件を足してください。',
    en: 'The search is too broad: name an identifier, a family name or a birth date, and narrow it.',
  },

  // The review queue.
  'duty-required': {
    kind: 'forbidden',
    ja: '名寄せ担当者の署名付き要求が必要です。',
    en: 'Only a request that names an index clerk may do this.',
  },
  'review-item-unknown': {
    kind: 'not-found',
    ja: '確認待ちの登録がありません。',
    en: 'Nothing waits for a decision about this registration.',
  },
  'review-claimed': {
    kind: 'conflict',
    ja: '他の担当者が対応中です。',
    en: 'Another clerk has claimed this item.',
  },
  'decision-stale': {
    kind: 'conflict',
    ja: '表示後に登録または名寄せが変わりました。もう一度読み込んで確認してください。',
    en: 'The registrations or their links have changed since. Read the item again and decide anew.',
  },
  'decision-contradicts': {
    kind: 'conflict',
    ja: '以前の判断と矛盾します。先にその判断を取り消してください。',
    en: 'An earlier decision says the contrary. Undo it first.',
  },
  'decision-unknown': {
    kind: 'not-found',
    ja: 'その判断の記録がありません。',
    en: 'No such decision.',
  },
  'decision-of-others': {
    kind: 'forbidden',
    ja: 'この判断には、他の地域どうしの登録も含まれます。取り消せるのは判断した地域だけです。自地域の登録は分離してください。',
    en: 'The decision is also about registrations between other regions: only those who made it can undo it. Part your own registration instead.',
  },
  'decision-superseded': {
    kind: 'conflict',
    ja: 'この判断の後に、同じ登録について別の判断があります。新しいものから取り消してください。',
    en: 'Later decisions are about the same registrations. Undo the latest first.',
  },
  'decision-void': {
    kind: 'conflict',
    ja: 'その判断では何も変わりません。',
    en: 'That decision would change nothing.',
  },
  'decision-impossible': {
    kind: 'conflict',
    ja: 'この登録に似たものが多すぎるため、判断を実行できません。登録の内容を確かめてください。',
    en: 'Too many registrations resemble these to carry the decision out. Look at what they say.',
  },
  'never-one-person': {
    kind: 'conflict',
    ja: 'テスト用のデータ（HTEST）と実在の住民、また一般データと住民は、同一人物にできません。登録の種類を確かめてください。',
    en: 'Data for testing (HTEST) and real residents, or general data and residents, are never one person. Look at what kind each registration is.',
  },
  'second-person-required': {
    kind: 'conflict',
    ja: '別の担当者による確認が必要です。',
    en: 'Another clerk than the one who proposed it has to confirm this.',
  },

  // Consent and visits.
  'consent-invalid': {
    kind: 'unprocessable',
    ja: '同意の内容が正しくありません。',
    en: 'The consent is not valid for this call.',
  },
  'evidence-invalid': {
    kind: 'unprocessable',
    ja: '同意の証拠（署名またはハッシュ値）が内容と一致しません。',
    en: 'The evidence does not fit: a hash or a signature does not agree with what the consent says.',
  },
  'consent-ended': {
    kind: 'conflict',
    ja: '既に撤回または停止されています。',
    en: 'Sharing has ended already; there is nothing to end again.',
  },
  'consent-stop-holds': {
    kind: 'conflict',
    ja: '撤回または停止の後に書かれた同意書、または確認できる電子署名がなければ、共有を再開できません。',
    en: 'Sharing starts again only on paper signed since it ended, or on a verified electronic signature.',
  },
  'consent-superseded': {
    kind: 'conflict',
    ja: 'より新しい署名日の同意書が登録されているため、古い同意書では置き換えられません。署名日を確かめてください。内容を変えるには、新しい同意書が必要です。',
    en: 'A consent signed on a later day is on record, and an older paper cannot take its place. Check the day of signing; to change what is on record, have a new paper signed.',
  },
  'consent-after-death': {
    kind: 'conflict',
    ja: '署名日が、登録されている死亡日より後です。患者IDと署名日を確かめてください。死亡日が誤りであれば、正しい死亡日を先に入力してください。',
    en: 'It is signed after the day of death on record. Check the patient and the day of signing; where the day of death is wrong, enter the right one first.',
  },
  'death-on-record': {
    kind: 'conflict',
    ja: '窓口で死亡日が登録されています。死亡日を添えて送ってください。取り消すときは、窓口で死亡取消を登録してください。',
    en: 'A death is on record for this resident: say its day with the consent, or take it back at the desk, by two people.',
  },
  'death-unknown': {
    kind: 'conflict',
    ja: 'この方の同意に死亡日は記録されていません。患者IDを確かめてください。登録の死亡日は、地域の登録を正しく送り直してください。',
    en: 'No death is on record with this resident’s consent. Check the patient; where the registration says it, feed that anew.',
  },
  'batch-unreadable': {
    kind: 'unprocessable',
    ja: '一括ファイルを読み取れません。UTF-8 または CP932 の CSV で、1行目に列名を書いてください。',
    en: 'The batch cannot be read: CSV in UTF-8 or CP932, with the known column names in its first line.',
  },
  'receipt-taken': {
    kind: 'conflict',
    ja: 'この受付番号は別の内容で入力済みです。',
    en: 'Another entry has this receipt number.',
  },
  'desk-form-invalid': {
    kind: 'unprocessable',
    ja: '入力内容が正しくありません。',
    en: 'The entry is not valid; nothing of it was taken.',
  },
  'entry-unknown': {
    kind: 'not-found',
    ja: '確認を待っている入力がありません。',
    en: 'No entry under this receipt number waits for a second person.',
  },
  'second-person-needed': {
    kind: 'forbidden',
    ja: '入力した方とは別の方が確認してください。',
    en: 'Somebody else than who entered it has to check it.',
  },
  'visit-invalid': {
    kind: 'unprocessable',
    ja: '受診・利用の内容が正しくありません。',
    en: 'The visit is not valid for this call.',
  },

  // The query. One answer for every private reason.
  'not-provided': {
    kind: 'forbidden',
    ja: 'その他の地域：登録なし、または提供なし',
    en: 'Other regions: not registered, or not provided',
  },
  'first-visit-not-permitted': {
    kind: 'forbidden',
    ja: 'この職種・機関では初診としての閲覧はできません。',
    en: 'Your council does not let this login confirm a first visit.',
  },
  'break-glass-not-permitted': {
    kind: 'forbidden',
    ja: '緊急時閲覧は許可されていません。',
    en: 'Break-glass is not permitted for this institution, profession or post.',
  },
  'emergency-unknown': {
    kind: 'not-found',
    ja: '該当する緊急時閲覧がないか、すでに記録されています。',
    en: 'No such emergency of yours is open; it may be settled already.',
  },
  'finding-unknown': {
    kind: 'not-found',
    ja: '該当する確認事項がないか、すでに確認済みです。',
    en: 'No such finding of yours is open; it may be settled already.',
  },
  'disclosure-to-self-only': {
    kind: 'forbidden',
    ja: '本人からの請求に限り開示できます。',
    en: 'This report is for the person alone; nobody may ask for it on their behalf.',
  },
  'idempotency-conflict': {
    kind: 'conflict',
    ja: '同じ再送キーで内容が異なります。',
    en: 'The idempotency key was used for another call.',
  },

  // The answering gateway, to the hub.
  'mandate-invalid': {
    kind: 'unauthenticated',
    ja: '委任を確認できません。',
    en: 'The mandate does not verify against the pinned keys.',
  },
  'mandate-mismatch': {
    kind: 'unauthenticated',
    ja: '委任と要求が一致しません。',
    en: 'The mandate does not belong to the request.',
  },
  'holder-denied': { kind: 'forbidden', ja: '提供できません。', en: 'The holder does not provide this.' },
  'demographics-differ': {
    kind: 'forbidden',
    ja: '提供できません。',
    en: 'Birth date or sex do not agree with the holder’s patient.',
  },
  'local-system-unreachable': {
    kind: 'upstream-unavailable',
    ja: '地域のシステムに接続できません。',
    en: 'The regional system cannot be reached.',
  },
  'hub-unreachable': {
    kind: 'upstream-unavailable',
    ja: '連携ハブに接続できません。',
    en: 'The hub cannot be reached.',
  },
  'hub-refused': {
    kind: 'upstream-unavailable',
    ja: '連携ハブがこの地域からの要求を受け付けません。',
    en: 'The hub does not take this region’s calls; its operator is to look.',
  },
  'hub-answer-invalid': {
    kind: 'upstream-unavailable',
    ja: '連携ハブの応答を確認できません。',
    en: 'The hub’s answer does not verify.',
  },

  // The log.
  'leaf-unknown': {
    kind: 'not-found',
    ja: '該当する記録が監査ログにありません。',
    en: 'No such leaf in the log, or not sealed yet.',
  },

  internal: {
    kind: 'unavailable',
    ja: '内部エラーです。お問い合わせ番号を添えてご連絡ください。',
    en: 'Internal error. Report it with the reference number.',
  },
} as const satisfies Record<string, Refusal>

export type RefusalCode = keyof typeof REFUSALS

/** The error for a refusal of the table; `at` may name a place in the input, never a value, and so may `faults`. */
export function refuse(
  code: RefusalCode,
  options: { at?: string; faults?: readonly Fault[]; cause?: unknown } = {},
): HubError {
  const { kind, ja, en } = REFUSALS[code]
  return new HubError(kind, code, { ja, en }, options)
}
