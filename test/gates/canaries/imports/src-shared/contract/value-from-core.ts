import { thing } from '../core/math/sum.ts'
export const taken = [thing]
