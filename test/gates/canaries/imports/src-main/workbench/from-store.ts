import { open } from '#main/store/permitted.ts'
export const taken = open
