export { bumpEpoch, type EpochKind, type EpochName, epochsHold, readEpochs } from './epochs.ts'
