import type { CostUncertainty, MapCell } from '#shared/core/decision/uncertainty.ts'
import { formatNumber } from '#shared/core/format.ts'
import { asToken } from './chart-theme.ts'
import { decisionCurveChart } from './decision-curve-chart.ts'
import { html, nameMarkup } from './html.ts'
import type { Markup } from './html.ts'
import { amountText, percentText, thresholdText } from './number-text.ts'
import type { ReportFacts } from './report-facts.ts'
import { lineKey, markerMarkup } from './run-marker.ts'
import { chartMarkup } from './section-markup.ts'
import { downloadMarkup, tableMarkup } from './table-html.ts'
import {
  bestByRatioTable,
  decisionCurveTable,
  ratioMapTable,
  tornadoTable,
} from './uncertainty-tables.ts'

/** What if costs and prevalence are not what was stated; nothing where nobody asked. */
export function uncertaintyPart(facts: ReportFacts): Markup | null {
  const { costUncertainty: told } = facts.results
  if (told === undefined) return null
  return html`<h3>If costs or prevalence are others</h3>
    ${told.sentences.map((sentence) => html`<p>${sentence}</p>`)}${tornadoFigure(facts, told)}${
      told.bestByRatio !== null &&
      tableMarkup(bestByRatioTable(told), {
        className: 'narrow',
        note: `Each run with its cheapest threshold on all cases judged, limits of the frame aside, at a prevalence of ${percentText(facts.results.frame.prevalenceInUse)}. Of runs that are close it is chance which is best.`,
      })
    }${mapFigure(facts, told)}${decisionCurveFigure(facts, told)}`
}

/** The tornado: a table with a bar a row, all on one scale. */
function tornadoFigure(facts: ReportFacts, told: CostUncertainty): Markup | null {
  const { tornado } = told
  if (tornado === null || tornado.bars.length === 0) return null
  const ends = tornado.bars.flatMap((bar) => [bar.atLowPer1000, bar.atHighPer1000])
  const least = Math.min(tornado.costPer1000, ...ends)
  const span = Math.max(tornado.costPer1000, ...ends) - least || 1
  const percent = (value: number): number => Number(((100 * (value - least)) / span).toFixed(2))
  const { currency } = facts.results.frame
  return tableMarkup(tornadoTable(facts, told), {
    hide: ['low', 'high'],
    extra: {
      head: html`<span>as stated ${amountText(tornado.costPer1000, { currency })}</span>`,
      cell: (row) => {
        const { atLowPer1000: a, atHighPer1000: b } = tornado.bars[row]!
        const from = percent(Math.min(a, b))
        const stated = percent(tornado.costPer1000)
        return html`<svg class="tornado" width="100%" height="14" aria-hidden="true">
          <rect
            x="${from}%"
            y="2"
            width="${Math.max(0.5, percent(Math.max(a, b)) - from)}%"
            height="10"
            fill="var(--accent)"
            fill-opacity="0.5"
          />
          <line x1="${stated}%" x2="${stated}%" y1="0" y2="14" stroke="var(--ink)" />
        </svg>`
      },
    },
    note: `${rangesText(told)} Cost per 1,000 cases on the data on which the threshold was chosen, one doubt at a time; solving anew looks at every threshold of the run, limits of the frame aside.`,
  })
}

function rangesText({ threshold, doubt }: CostUncertainty): string {
  const ranges = `Misses ±${formatNumber(doubt.misses)} %, false alarms ±${formatNumber(doubt.alarms)} %, prevalence ±${formatNumber(doubt.prevalence)} %, at`
  return threshold === null
    ? `${ranges} thresholds of the cases.`
    : `${ranges} threshold ${thresholdText(threshold)}.`
}

/** Who is best by ratio and prevalence, a mark a cell. */
function mapFigure(facts: ReportFacts, told: CostUncertainty): Markup | null {
  const { map } = told
  if (map === null) return null
  const shown = [...new Set(map.cells.flat().flatMap(({ name }) => name ?? []))]
  const isStated = (row: number, column: number): boolean =>
    map.ratios[column] === told.ratio &&
    map.prevalences[row] === facts.results.frame.prevalenceInUse
  return html`<div class="table map">
    <table>
      <caption>
        Which run is best where neither is known
      </caption>
      <thead>
        <tr>
          <th scope="col">Prevalence</th>
          ${map.ratios.map((ratio) => html`<th scope="col">FN:FP ${formatNumber(ratio)}</th>`)}
        </tr>
      </thead>
      <tbody>
        ${map.cells.map(
          (cells, r) =>
            html`<tr>
              <th scope="row">${percentText(map.prevalences[r]!)}</th>
              ${cells.map(
                (cell, c) =>
                  html`<td class="${cellClass(facts, cell)} ${isStated(r, c) && 'stated'}">
                    ${cellMark(facts, cell)}
                  </td>`,
              )}
            </tr> `,
        )}
      </tbody>
    </table>
    <p class="note">
      ${shown.map((name) => html`<span class="key">${markerMarkup(facts.marker(name))}${nameMarkup(name)}</span> `)}
      The number is its threshold, on probabilities as they are now; the framed cell is what was
      stated. ${downloadMarkup(ratioMapTable(told))}
    </p>
  </div> `
}

function cellClass({ marker }: ReportFacts, { name }: MapCell): string {
  return name === null ? 'of-none' : `of-${marker(name).token}`
}

function cellMark({ marker }: ReportFacts, { name, alerts, threshold }: MapCell): Markup {
  return name === null
    ? html`<small>alert on ${alerts}</small>`
    : html`${markerMarkup(marker(name))}<span class="sr">${nameMarkup(name)}</span
        ><small>${thresholdText(threshold)}</small>`
}

function decisionCurveFigure(facts: ReportFacts, told: CostUncertainty): Markup | null {
  const { decisionCurves: curves, threshold, sentences } = told
  if (curves === null) return null
  const drawn = curves.map((curve) => ({
    ...curve,
    token: asToken(facts.marker(curve.name).token),
  }))
  const { bayesThreshold } = facts.results.frame
  const inRange = (value: number | null): value is number =>
    value !== null && value > 0 && value < 1
  return chartMarkup({
    title: 'Decision curve',
    subtitle:
      'what acting on the run is worth, whatever errors cost; bands of 95 %, point by point; on the data on which the threshold was chosen',
    key: [
      ...drawn.map(
        ({ name, token }) =>
          html`<span>${lineKey(token, token !== 'run-1')} ${nameMarkup(name)}</span>`,
      ),
      html`<span>${lineKey('muted', true)} alert on everybody</span>`,
    ],
    drawing: decisionCurveChart({
      id: 'decision-curve',
      curves: drawn.toReversed(),
      markers: [
        ...(inRange(threshold) ? [{ text: `chosen ${thresholdText(threshold)}`, threshold }] : []),
        ...(inRange(bayesThreshold)
          ? [{ text: `Bayes ${thresholdText(bayesThreshold)}`, threshold: bayesThreshold }]
          : []),
      ],
      sentence: sentences.at(-1)!,
    }),
    note: 'Who alerts from a probability t on takes a false alarm for t / (1 − t) of a caught positive: that is what false alarms are charged here.',
    tables: curves.map(decisionCurveTable),
  })
}
