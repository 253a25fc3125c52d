import type { Thing } from '../models/model.ts'
export const taken: Thing[] = []
