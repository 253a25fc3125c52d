import { app } from 'electron'
export const taken = app
