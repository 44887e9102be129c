import type { Sentence } from '../kernel/hub-error.ts'

/** What may be wrong with an exported log, each in a sentence for whoever has to act on it. */
export const EXPORT_FAULTS = {
  'header-invalid': {
    ja: '監査ログの書き出しファイルではありません。',
    en: 'The first line is not the header of an exported log.',
  },
  'another-key': {
    ja: '指定された公開鍵と、ファイルに書かれた公開鍵が違います。',
    en: 'The file names another public key than the one given.',
  },
  'line-invalid': {
    ja: '行の書式が正しくありません。',
    en: 'The line is not written as an export writes it.',
  },
  'entry-out-of-order': {
    ja: '記録が抜けている、加えられている、または並べ替えられています。',
    en: 'An entry was removed, inserted or moved.',
  },
  'entry-missing': {
    ja: '木には葉がありますが、記録そのものがありません。',
    en: 'The tree has a leaf here, but the entry itself is gone.',
  },
  'detail-missing': {
    ja: '記録の内容がありません。',
    en: "The entry's detail is gone.",
  },
  'detail-changed': {
    ja: '記録の内容が書き換えられています。',
    en: "The entry's detail or salt was changed.",
  },
  'entry-changed': {
    ja: '記録の種類、時刻などが書き換えられています。',
    en: "The entry's id, kind, time or digest was changed, or its leaf was.",
  },
  'checkpoint-not-signed': {
    ja: 'チェックポイントの署名を確認できません。',
    en: "A checkpoint does not carry the log's signature.",
  },
  'checkpoint-misplaced': {
    ja: 'チェックポイントの件数と記録の件数が違います。',
    en: 'A checkpoint is of another size than the entries before it.',
  },
  'tree-differs': {
    ja: '直前のチェックポイント以降の記録のどれかが、葉ごと書き換えられています。',
    en: 'Since the checkpoint before, some entry was rewritten together with its leaf.',
  },
  'end-missing': {
    ja: 'ファイルの末尾が切れています。',
    en: 'The file ends before its last checkpoint.',
  },
  'known-checkpoint-not-signed': {
    ja: '手元のチェックポイントが、このログの鍵で署名されたものではありません。',
    en: "The known checkpoint does not carry this log's signature.",
  },
  'differs-from-known-checkpoint': {
    ja: 'ログが、手元のチェックポイントの後で書き換えられています。',
    en: 'The log was rewritten since the known checkpoint was signed.',
  },
  'shorter-than-known-checkpoint': {
    ja: '手元のチェックポイントより記録が少なく、末尾が失われています。',
    en: 'The log is shorter than the known checkpoint: its tail is gone.',
  },
  'promise-broken': {
    ja: '記録すると約束されたものが、ログにありません。',
    en: 'The log lacks an entry that was promised.',
  },
} as const satisfies Record<string, Sentence>

export type ExportFault = keyof typeof EXPORT_FAULTS
