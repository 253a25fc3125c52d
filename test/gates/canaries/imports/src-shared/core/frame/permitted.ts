import { thing } from '../dataset/dataset.ts'
import { thing as other } from '../math/sum.ts'
export const taken = [thing, other]
