import { thing } from '../plan/plan.ts'
export const taken = [thing]
