import type { FramePreview } from '#shared/contract/work.ts'
import { costSources, previewFrame } from '#shared/core/pipeline/preview-frame.ts'
import type { Handler } from '../desk/context.ts'

/** What a frame comes to on the data; cheap enough to be asked with every edit. */
export const previewOfFrame: Handler<'frame.preview'> = (
  { versionId, roles, frame },
  context,
): FramePreview => {
  const { samples, frameFacts } = context.project().workbench.samples(versionId, roles, frame)
  const { meanCosts, ...outcome } = previewFrame(samples, frameFacts)
  const { costsAssumed, prevalenceInData, prevalenceInUse, bayesThreshold, bayesThresholdReason } =
    frameFacts
  return {
    ...outcome,
    costs: costSources(frameFacts.costs, meanCosts),
    costsAssumed,
    prevalenceInData,
    prevalenceInUse,
    bayesThreshold,
    bayesThresholdReason,
  }
}
