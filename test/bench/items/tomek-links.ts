import { samplerItem } from '../sampling-state.ts'

export const item = samplerItem(
  { kind: 'tomek_links', removes: 'majority' },
  {
    name: 'tomek-links',
    about: 'Tomek links of 50,000 samples',
    peer: 'tomek_links_50k',
    bar: 0.7,
    nRows: 50_000,
  },
)
