import { a } from './circle.ts'
export const b = (): unknown => a
