import { parentPort, workerData } from 'node:worker_threads'
import { alignAnswers } from './align-answers.ts'
import type { AsideJob } from './aside.ts'
import { tallyTexts } from './tally.ts'

const job = workerData as AsideJob
parentPort?.postMessage(
  job.kind === 'align' ? alignAnswers(job.sources, job.asked) : tallyTexts(job.texts, job.maps),
)
