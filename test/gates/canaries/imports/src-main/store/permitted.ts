import Database from 'better-sqlite3'
export const open = (path: string): unknown => new Database(path)
