import { html, nameMarkup, trustedMarkup } from './html.ts'
import type { Markup } from './html.ts'
import type { ReportFacts, RunMarker } from './report-facts.ts'
import type { ConfigurationResult } from '#shared/core/report/analysis.ts'

/** Shapes around (0, 0), about 9 pixels wide. */
const SHAPES: Readonly<Record<RunMarker['shape'], string>> = {
  circle: '<circle r="4.2"/>',
  square: '<rect x="-3.8" y="-3.8" width="7.6" height="7.6"/>',
  triangle: '<path d="M0-4.8 4.8 3.8H-4.8Z"/>',
  diamond: '<path d="M0-5.2 5.2 0 0 5.2-5.2 0Z"/>',
  'triangle-down': '<path d="M0 4.8 4.8-3.8H-4.8Z"/>',
  pentagon: '<path d="M0-5 4.8-1.5 3 4.1H-3L-4.8-1.5Z"/>',
}

/** The shape of a run around the origin of a drawing; hollow for rules that nobody tuned. */
export function markerShape({ token, shape }: RunMarker, hollow: boolean): Markup {
  const fill = hollow ? 'panel' : token
  return html`<g fill="var(--${fill})" stroke="var(--${token})" stroke-width="1.5"
    >${trustedMarkup(SHAPES[shape])}</g
  >`
}

/** The same in a line of text. */
export function markerMarkup(marker: RunMarker, hollow = false): Markup {
  return html`<svg
    class="marker"
    width="13"
    height="13"
    viewBox="-6.5 -6.5 13 13"
    aria-hidden="true"
  >
    ${markerShape(marker, hollow)}
  </svg>`
}

/** A sample of a line, for the key of a chart. */
export function lineKey(token: string, dashed: boolean): Markup {
  return html`<svg class="marker" width="22" height="8" viewBox="0 0 22 8" aria-hidden="true">
    <path
      d="M1 4H21"
      stroke="var(--${token})"
      stroke-width="${dashed ? 1.6 : 2.25}"
      ${dashed && trustedMarkup(' stroke-dasharray="6 3"')}
    />
  </svg>`
}

/** The mark of a run and its name, as the head of a table row. */
export function runHeading({ marker }: ReportFacts, { name }: ConfigurationResult): Markup {
  return html`${markerMarkup(marker(name))}<span class="run">${nameMarkup(name)}</span>`
}
