import type { Thing } from '../plan/plan.ts'
export const taken: Thing[] = []
