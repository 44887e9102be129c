import { HubError, type Sentence } from './hub-error.ts'

const REFUSALS: Record<string, Sentence> = {
  'postgres-missing': {
    ja: 'このOS用の組み込みPostgreSQLがありません。DATABASE_URLに既存のPostgreSQLを指定してください。',
    en: 'There is no embedded PostgreSQL for this platform. Set DATABASE_URL to a PostgreSQL of your own.',
  },
  'postgres-cannot-run': {
    ja: '組み込みPostgreSQLをこの場所では起動できません。rootで実行している場合は、一般ユーザーで実行するか、他の利用者が通れるフォルダーに置いてください。またはDATABASE_URLに既存のPostgreSQLを指定してください。',
    en: 'The embedded PostgreSQL cannot run here. If you are root, use another account, or a folder which others can pass through; or set DATABASE_URL to a PostgreSQL of your own.',
  },
  'socket-folder-unsafe': {
    ja: '組み込みPostgreSQLのソケット用フォルダーが他の利用者のものか、他の利用者に開かれています。削除するか、DATABASE_URLに既存のPostgreSQLを指定してください。',
    en: 'The folder for the sockets of the embedded PostgreSQL belongs to somebody else, or is open to others. Remove it, or set DATABASE_URL to a PostgreSQL of your own.',
  },
  'postgres-failed': {
    ja: '組み込みPostgreSQLを起動できませんでした。理由はserver.logの末尾にあります。またはDATABASE_URLに既存のPostgreSQLを指定してください。',
    en: 'The embedded PostgreSQL did not start. The end of server.log says why; or set DATABASE_URL to a PostgreSQL of your own.',
  },
}

/** Why there is no embedded server, in words for whoever started the process; `at` is a path of this machine. */
export function embeddedRefusal(code: string, at: string, cause?: unknown): HubError {
  const known = REFUSALS[code] === undefined ? 'postgres-failed' : code
  return new HubError('unavailable', known, REFUSALS[known] as Sentence, { at, cause })
}
