import { z } from 'zod'
import { readHubConfig } from '../config.ts'
import { type Profile, profileFile, senderOf } from '../identity/index.ts'
import { openMigratedDatabase } from '../open-database.ts'
import { BULK_ARGUMENTS, bulkArguments, readFieldMap } from './bulk-arguments.ts'
import { openProgress } from './progress.ts'
import { readArguments, withNamedFile } from './usage-error.ts'

const inputSchema = z.strictObject(bulkArguments)

const WORDS: Record<keyof Profile['fields'], string> = {
  kanji: '漢字氏名 name in kanji',
  kana: 'カナ氏名 name in kana',
  placeholderName: '仮の氏名 placeholder for a name',
  birthDate: '生年月日 whole birth date',
  sex: '性別 sex',
  insuredNumber: '被保険者番号 sound insured number',
  branch: '枝番 branch of it',
  addressToLot: '番地までの住所 address to the lot',
  mobile: '携帯電話 mobile telephone',
}

const LINKABLE: Record<keyof Profile['linkable'], string> = {
  number: '番号で By the insured number (A1)',
  place: '氏名と住所・携帯で By full name with address or mobile (A3)',
  either: 'どちらかで By either',
}

/** Says what files hold of what linking needs; keeps nothing. Exit code 1 where lines would be left out. */
export async function profileIndex(files: string[], options: object): Promise<number> {
  const asked = readArguments(inputSchema, { files, ...options }, BULK_ARGUMENTS)
  const map = await readFieldMap(asked.map)
  await using database = await openMigratedDatabase(readHubConfig(), 'tsunagi_hub', ['shared', 'hub'])
  const sender = await senderOf(database.db, asked.region)
  let isWhole = true
  for (const file of asked.files) {
    using progress = openProgress(file)
    const onProgress = (records: number) => progress.say(records)
    const { encoding } = asked
    const profile = await withNamedFile(() =>
      profileFile({ file, sender, map, encoding, onProgress }, new Date()),
    )
    progress.end()
    if (Object.keys(profile.refused).length > 0) isWhole = false
    process.stdout.write(
      asked.json ? `${JSON.stringify({ file, ...profile })}\n` : `${file}\n${table(profile)}\n`,
    )
  }
  return isWhole ? 0 : 1
}

function table({ records, refused, fields, linkable }: Profile): string {
  const share = (count: number) => `${((100 * count) / Math.max(1, records)).toFixed(1)} %`.padStart(8)
  const rows = (counts: Record<string, number>, words: Record<string, string>) =>
    Object.entries(counts).map(([name, count]) => `  ${share(count)}  ${words[name] ?? name}`)
  return [
    `  ${records} 件 records`,
    ...rows(fields, WORDS),
    '  自動で連結できる見込み（相手の地域も同じだけ持つ場合） Expected to link by themselves, if the other region holds as much:',
    ...rows(linkable, LINKABLE),
    ...(Object.keys(refused).length === 0 ? [] : ['  除外される行 Lines that would be left out:']),
    ...rows(refused, {}),
  ].join('\n')
}
