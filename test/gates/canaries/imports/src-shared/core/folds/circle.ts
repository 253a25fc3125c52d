import { b } from './circle-back.ts'
export const a = (): unknown => b
