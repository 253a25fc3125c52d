export const seed = (): string | undefined => process.env['SEED']
