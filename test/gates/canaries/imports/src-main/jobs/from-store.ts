import { open } from '../store/permitted.ts'
export const taken = open
