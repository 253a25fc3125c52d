import { thing } from '../math/sum.ts'
export const taken = [thing]
