import { runTitle } from '#shared/core/plan/configuration-text.ts'
import type { ConfigurationResult } from '#shared/core/report/analysis.ts'
import { html, nameMarkup } from './html.ts'
import type { Markup } from './html.ts'
import { countText, durationText, plural, timeText } from './number-text.ts'
import type { ReportFacts } from './report-facts.ts'
import { factsMarkup, sectionMarkup } from './section-markup.ts'

/** Where folds come from that no seed drew. */
export const GIVEN_FOLDS = 'given beforehand: by a file, or by the runs that these repeat'

/** All it takes to get the same numbers again. */
export function reproductionSection({ results, about }: ReportFacts): Markup {
  const { experiment, dataset, configurations } = results
  const folds =
    experiment.foldsFrom === 'seed'
      ? `${experiment.proof.scheme}, drawn from the seed`
      : GIVEN_FOLDS
  return sectionMarkup(
    'reproduction',
    '11 How to reproduce it',
    'The same data, plan and seed give the same digest on any machine.',
    factsMarkup([
      ['Command', html`<code>${about.command}</code>`],
      ['Data fingerprint', html`<code>${dataset.fingerprint}</code> (SHA-256)`],
      ['Digest of the results', html`<code>${about.digest}</code> (SHA-256)`],
      ['Seed', String(experiment.seed)],
      [
        'Folds',
        `${countText(experiment.folds)} outer, ${folds}; ${countText(experiment.innerFolds)} inner, for calibrator and threshold`,
      ],
      [
        'Intervals',
        `means corrected for skewness; ${countText(experiment.bootstrapDraws)} bootstrap draws for rankings; Wilson for shares`,
      ],
      [
        'Plan',
        html`<span class="names"
          >${configurations.map(({ name, configuration }, i) => html`${i > 0 && '; '}${nameMarkup(name)}: ${runTitle(configuration)}${calibrationText(configuration.calibration)}`)}</span
        >`,
      ],
      [
        'Program',
        html`Steelyard ${about.version}, ${about.engine}; Node ${about.node.replace(/^v/, '')} on
        ${about.platform}, ${plural(about.workers, 'worker')}`,
      ],
      [
        'Run',
        `${timeText(about.startedAt)}; took ${durationText(about.wallSeconds)}, ${durationText(about.cpuSeconds)} of processor time`,
      ],
    ]),
  )
}

function calibrationText({
  correction,
  calibrator,
}: ConfigurationResult['configuration']['calibration']): string {
  const steps = [
    ...(correction ? ['prior odds corrected'] : []),
    ...(calibrator === 'none'
      ? []
      : [
          calibrator === 'auto' ? 'recalibrated' : `${calibrator.replaceAll('_', ' ')} calibration`,
        ]),
  ]
  return steps.length === 0 ? '' : ` (${steps.join(', ')})`
}
