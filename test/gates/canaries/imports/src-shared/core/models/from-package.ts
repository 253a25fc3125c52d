import * as v from 'valibot'
export const text = v.string()
