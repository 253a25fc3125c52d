import type { ConfigurationResult } from '#shared/core/report/analysis.ts'
import { html, nameMarkup } from './html.ts'
import type { Markup } from './html.ts'
import { topImportanceTable } from './importance-tables.ts'
import { plural } from './number-text.ts'
import type { ReportFacts } from './report-facts.ts'
import { sectionMarkup } from './section-markup.ts'
import { tableMarkup } from './table-html.ts'

const SHOWN = 12

/** Which columns the models shown would miss most. */
export function importanceSection({ shown }: ReportFacts): Markup {
  return sectionMarkup(
    'importance',
    '7 What the model looks at',
    'A column that should not matter, or that will not be known when decisions are taken, is easiest to notice here. Importance says what a model uses, not what causes the outcome.',
    html`${shown.map(runMarkup)}`,
  )
}

function runMarkup(run: ConfigurationResult): Markup {
  const { importance, importanceReason } = run
  if (importance === null) {
    return html`<p class="note">
      ${nameMarkup(run.name)}: not available, since ${importanceReason}.
    </p> `
  }
  const left = importance.columns.length - SHOWN
  const judged = importance.samplesPerFold.reduce((sum, samples) => sum + samples, 0)
  return tableMarkup(topImportanceTable(run, SHOWN), {
    className: 'metrics',
    hide: ['rank'],
    note: html`Mean over the folds, with the lowest and the highest of them; not a confidence
      interval. <b>Average precision lost</b>: ${importance.method}; ${judged} samples in all.
      Columns that say the same stand in for one another, so each may seem not to matter.
      ${left > 0 && `${plural(left, 'further column')} matter less.`}`,
  })
}
