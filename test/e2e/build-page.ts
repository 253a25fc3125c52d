import { buildIfStale } from '../../scripts/build-app.mjs'

/** Before the first test: the page as its sources are now. */
export default function buildPage(): void {
  if (!buildIfStale('page')) throw new Error('the page does not build')
}
