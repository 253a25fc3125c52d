import { thing } from '../models/model.ts'
export const taken = [thing]
