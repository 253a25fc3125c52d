import { html, nameMarkup, shortened, trustedMarkup } from './html.ts'
import { timeText } from './number-text.ts'
import { reportFacts } from './report-facts.ts'
import type { ReportInput } from './report-facts.ts'
import { reportStyle } from './report-style.ts'
import { calibrationSection } from './calibration-section.ts'
import { dataSection } from './data-section.ts'
import { decisionSection } from './decision-section.ts'
import { diagnosisSection } from './diagnosis-section.ts'
import { guardrailsSection } from './guardrails-section.ts'
import { importanceSection } from './importance-section.ts'
import { limitsSection } from './limits-section.ts'
import { openingSection } from './opening-section.ts'
import { questionSection } from './question-section.ts'
import { reproductionSection } from './reproduction-section.ts'
import { slicesSection } from './slices-section.ts'
import { triedSection } from './tried-section.ts'

/** Nothing may be loaded, sent or run. Styles are in the file; downloads are links, not loads. */
const CONTENT_POLICY =
  "default-src 'none'; style-src 'unsafe-inline'; img-src data:; base-uri 'none'; form-action 'none'"

/**
 * The report as one HTML file that needs nothing else: no network, no script, no font.
 *
 * The same input gives the same text. Names from the data are escaped wherever they stand.
 *
 * @throws RangeError as `reportFacts` does.
 */
export function renderReport(input: ReportInput): string {
  const facts = reportFacts(input)
  const { results, about, title } = facts
  const page = html`<!doctype html>
    <html lang="en">
      <head>
        <meta charset="utf-8" />
        <meta http-equiv="Content-Security-Policy" content="${CONTENT_POLICY}" />
        <meta name="viewport" content="width=device-width, initial-scale=1" />
        <meta name="color-scheme" content="light dark" />
        <title>${shortened(title, 80)} · Steelyard report</title>
        <link rel="icon" href="data:," />
        ${trustedMarkup(`<style>${reportStyle}</style>`)}
      </head>
      <body>
        <main class="paper">
          <header class="meta">
            <span>${nameMarkup(title)}</span
            ><span>Data <code>${results.dataset.fingerprint.slice(0, 8)}</code></span
            ><span>Results <code>${about.digest.slice(0, 8)}</code></span
            ><span>${timeText(about.startedAt)}</span><span>Steelyard ${about.version}</span>
          </header>
          ${[
            openingSection(facts),
            questionSection(facts),
            dataSection(facts),
            diagnosisSection(facts),
            triedSection(facts),
            decisionSection(facts),
            calibrationSection(facts),
            importanceSection(facts),
            slicesSection(facts),
            limitsSection(facts),
            guardrailsSection(facts),
            reproductionSection(facts),
          ]}
        </main>
      </body>
    </html> `
  return page.text
}
