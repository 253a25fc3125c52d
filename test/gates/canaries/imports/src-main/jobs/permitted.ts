import { thing } from '#shared/core/models/model.ts'
export const taken = [thing]
