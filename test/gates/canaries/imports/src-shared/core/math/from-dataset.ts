import { thing } from '../dataset/dataset.ts'
export const taken = [thing]
