import type { Sentence } from './kernel/hub-error.ts'

/** What to set, for whoever reads that a variable is missing or wrong. */
export const VARIABLES: Partial<Record<string, Sentence>> = {
  DATABASE_URL: {
    ja: 'postgres:// で始まるPostgreSQLのURL。',
    en: 'the URL of a PostgreSQL, postgres://….',
  },
  TSUNAGI_DATA: { ja: 'データを置くフォルダー。', en: 'a folder for the data.' },
  TLS_CERT_FILE: { ja: '証明書（PEM）のファイル。', en: 'the file of the certificate (PEM).' },
  TLS_KEY_FILE: { ja: '証明書の秘密鍵（PEM）のファイル。', en: 'the file of its private key (PEM).' },
  TLS_CA_FILE: {
    ja: '相手の証明書を発行した認証局（PEM）のファイル。',
    en: 'the file of the CA that issues the partners’ certificates (PEM).',
  },
  TRUSTED_PROXY_ADDRESS: { ja: 'プロキシのアドレス。', en: 'the address of the proxy.' },
  PLAIN_HTTP_ON_LOOPBACK: { ja: '0 または 1。', en: '0 or 1.' },
  LOG_LEVEL: { ja: 'debug、info、warn、error、silent のどれか。', en: 'debug, info, warn, error or silent.' },
  HTTP_HOST: { ja: '待ち受けるアドレス。', en: 'the address to listen on.' },
  HTTP_PORT: { ja: '0〜65535 のポート番号。', en: 'a port from 0 to 65535.' },
  PUBLIC_URL: { ja: '外から見たURL（http または https）。', en: 'the URL as others see it, http or https.' },
  SOURCES_DEADLINE_MS: { ja: '100〜30000 のミリ秒。', en: 'milliseconds from 100 to 30000.' },
  NATIONAL_IDS: {
    ja: 'my-number、medical-id のうち法が許すもの（カンマ区切り）。',
    en: 'those of my-number and medical-id that the law allows, with a comma between.',
  },
  NATIONAL_ID_SECRET_FILE: {
    ja: '32 バイト以上の秘密のファイル（データベースとは別に保管）。',
    en: 'the file of a secret of 32 bytes or more, kept apart from the database.',
  },
  REGION: {
    ja: '地域ID（英小文字で始まる、英小文字・数字・ハイフンの2〜32文字）。',
    en: 'the region’s id: 2–32 lower-case letters, digits and hyphens, a letter first.',
  },
  PATIENT_SYSTEM: { ja: '患者IDの体系のURI。', en: 'the URI of the region’s patient-id system.' },
  HUB_URL: { ja: 'ハブのURL（http または https）。', en: 'the hub’s URL, http or https.' },
  EHR_URL: {
    ja: '地域のFHIRサーバーのURL（http または https）。',
    en: 'the URL of the region’s FHIR server, http or https.',
  },
  LOGIN_JWKS_FILE: {
    ja: '地域の認証基盤の公開鍵（JWKS）のファイル。',
    en: 'the file of the public keys (JWKS) of the region’s identity provider.',
  },
  LOGIN_ISSUER: { ja: '地域の認証基盤の名前（iss）。', en: 'the issuer that the identity provider names.' },
  INWARD_HOST: { ja: 'ハブを待ち受けるアドレス。', en: 'the address to listen on for the hub.' },
  INWARD_PORT: { ja: '0〜65535 のポート番号。', en: 'a port from 0 to 65535.' },
  LOCAL_HOST: { ja: '地域を待ち受けるアドレス。', en: 'the address to listen on for the region.' },
  LOCAL_PORT: { ja: '0〜65535 のポート番号。', en: 'a port from 0 to 65535.' },
  LOCAL_TLS_CERT_FILE: {
    ja: '地域に見せる証明書（PEM）のファイル。',
    en: 'the file of the certificate for the region (PEM).',
  },
  LOCAL_TLS_KEY_FILE: { ja: 'その秘密鍵（PEM）のファイル。', en: 'the file of its private key (PEM).' },
  EHR_DEADLINE_MS: { ja: '100〜30000 のミリ秒。', en: 'milliseconds from 100 to 30000.' },
}

/** What can be wrong with a variable. */
export const CONFIG_FAULTS = {
  unset: { ja: '設定されていません。', en: 'Not set.' },
  'no-file': { ja: 'そのファイルがありません。', en: 'There is no such file.' },
  invalid: { ja: '値が正しくありません。', en: 'Not valid.' },
  'short-secret': { ja: '秘密が短すぎます。', en: 'The secret is too short.' },
  'not-loopback': {
    ja: 'TLSなしではこの機械のアドレス（127.0.0.1 など）に限ります。',
    en: 'Without TLS, only an address of this machine such as 127.0.0.1.',
  },
} as const satisfies Record<string, Sentence>
export type ConfigFault = keyof typeof CONFIG_FAULTS

/** Stands below the files that TLS needs, when there is neither TLS nor leave to do without. */
export const PLAIN_HTTP_HINT =
  '  この機械だけで試すなら PLAIN_HTTP_ON_LOOPBACK=1 でも。 To try out on this machine alone: PLAIN_HTTP_ON_LOOPBACK=1 instead.'
