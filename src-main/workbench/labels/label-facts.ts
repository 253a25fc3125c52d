import type { LabelFacts } from '../../files/report/report-facts.ts'
import { bookOf } from './book.ts'
import { labelsState, reviewedRows } from './labels-state.ts'
import type { ReviewPorts } from './records.ts'

/** What a report says of the labels of a version; null where nobody has looked at them. */
export function labelFacts(ports: ReviewPorts, versionId: number): LabelFacts | null {
  const { project } = ports
  const correction = project.datasets.correction(versionId)
  const ofVersion = labelsState(ports, versionId, null, { positive: '', negative: '' })
  // What was said of the labels was said of the version that was corrected.
  const basis = correction?.baseVersionId ?? versionId
  const state =
    ofVersion.scan === null && correction !== null
      ? labelsState(ports, basis, null, { positive: '', negative: '' })
      : ofVersion
  const { scan, control, decided, reviewers, agreement, chain } = state
  if (scan === null && reviewers.length === 0) return null
  const fingerprint = project.datasets.get(state === ofVersion ? versionId : basis)!.fingerprint
  const { byModel, atRandom } = reviewedRows(ports, bookOf(ports, fingerprint))
  return {
    estimates: scan?.estimates ?? null,
    audit: scan?.audit ?? null,
    control,
    decided,
    reviewers: reviewers.length,
    agreement,
    byModel: byModel.size,
    atRandom: atRandom.size,
    chain,
    corrected:
      correction === null
        ? null
        : { relabelled: correction.rows.length, excluded: correction.excluded.length },
  }
}
