import { countText, durationText, timeText } from './number-text.ts'
import { GIVEN_FOLDS } from './reproduction-section.ts'
import type { ReportFacts } from './report-facts.ts'
import { pairs } from './report-table.ts'
import type { ReportTable } from './report-table.ts'

export function reproductionTable({ results, about }: ReportFacts): ReportTable {
  const { experiment, dataset } = results
  return pairs('reproduction', 'How to reproduce it', [
    ['data fingerprint (SHA-256)', dataset.fingerprint],
    ['digest of the results (SHA-256)', about.digest],
    ['seed', experiment.seed],
    [
      'folds',
      `${experiment.folds} outer, ${experiment.foldsFrom === 'seed' ? 'drawn from the seed' : GIVEN_FOLDS}; ${experiment.innerFolds} inner`,
    ],
    ['bootstrap draws', countText(experiment.bootstrapDraws)],
    ['plan', results.configurations.map(({ name }) => name).join(', ')],
    ['version', about.version],
    ['engine', about.engine],
    ['runtime', `Node ${about.node}, ${about.platform}, ${about.workers} workers`],
    ['started', timeText(about.startedAt)],
    [
      'took',
      `${durationText(about.wallSeconds)}, ${durationText(about.cpuSeconds)} of processor time`,
    ],
    ['command', about.command],
  ])
}
