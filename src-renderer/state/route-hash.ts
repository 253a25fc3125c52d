/** The address of a view, as the part of the page's address after `#`. */

export const viewIds = [
  ...(['start', 'data', 'frame', 'diagnose', 'labels', 'threshold', 'strategies'] as const),
  ...(['runs', 'compare', 'slices', 'report', 'settings'] as const),
] as const

export type ViewId = (typeof viewIds)[number]

export interface Address {
  readonly view: ViewId
  readonly params: Readonly<Record<string, string>>
}

/** `#/threshold?experiment=3` as an address; anything else is the start. */
export function parseHash(hash: string): Address {
  const [path = '', query = ''] = hash.replace(/^#\/?/, '').split('?', 2)
  const view = viewIds.find((id) => id === path)
  if (view === undefined) return { view: 'start', params: {} }
  return { view, params: Object.fromEntries(new URLSearchParams(query)) }
}

export function formatHash({ view, params }: Address): string {
  const query = new URLSearchParams(params).toString()
  return `#/${view}${query === '' ? '' : `?${query}`}`
}
