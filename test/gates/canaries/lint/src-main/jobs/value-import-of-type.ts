import { Job } from './job.ts'
export const nameOf = (job: Job): string => job.name
