import { formatHash, parseHash } from './route-hash.ts'
import type { Address, ViewId } from './route-hash.ts'

export type { ViewId } from './route-hash.ts'

/** The view that is shown, kept in the address so that Back and reloading work. */
class Route {
  #address: Address = $state.raw(parseHash(location.hash))

  constructor() {
    addEventListener('hashchange', () => {
      this.#address = parseHash(location.hash)
    })
  }

  get view(): ViewId {
    return this.#address.view
  }

  get params(): Readonly<Record<string, string>> {
    return this.#address.params
  }

  go(view: ViewId, params: Readonly<Record<string, string>> = {}): void {
    this.#address = { view, params }
    location.hash = formatHash(this.#address)
  }

  /** Changes the parameters of the view that is shown, without a step for Back. */
  setParams(params: Readonly<Record<string, string>>): void {
    this.#address = { view: this.view, params }
    history.replaceState(null, '', formatHash(this.#address))
  }
}

export const route = new Route()

/** Where a link to a view leads. */
export function hrefTo(view: ViewId, params: Readonly<Record<string, string>> = {}): string {
  return formatHash({ view, params })
}
