/** A configuration, setting by setting. */
import {
  calibratorPhrases,
  modelName,
  monotoneText,
  weightingText,
} from '#shared/core/plan/configuration-text.ts'
import { samplingText } from '#shared/core/plan/sampling-kinds.ts'
import type { Configuration } from '#shared/core/plan/plan.ts'
import { plain } from '../../format/numbers.ts'

export interface Setting {
  readonly label: string
  readonly text: string
}

/** Everything that is set, the treatment first. */
export function settingsOf(configuration: Configuration): Setting[] {
  const { model, sampling, weighting, calibration, rules = [], search } = configuration
  const { calibrator } = calibration
  const directions = monotoneText(model)
  return [
    { label: 'Model', text: modelName(model) },
    { label: 'Sampling', text: sampling.kind === 'none' ? 'none' : samplingText(sampling) },
    ...settingsIn(sampling, ['kind', 'targetImbalanceRatio', 'targetCounts']),
    { label: 'Weights', text: weighting.kind === 'none' ? 'none' : weightingText(weighting) },
    ...settingsIn(weighting, ['kind', 'negative', 'positive', 'column']),
    { label: 'Prior odds corrected', text: calibration.correction ? 'yes' : 'no' },
    {
      label: 'Recalibration',
      text: calibrator === 'none' ? 'none' : calibratorPhrases[calibrator],
    },
    ...rules.map(({ when, then }, i) => ({
      label: `Rule ${i + 1}`,
      text: `${when}: ${then.replaceAll('_', ' ')}`,
    })),
    ...(search === undefined
      ? []
      : [{ label: 'Search', text: `${search.trials} trials by ${textOf(search.metric)}` }]),
    ...settingsIn(model, ['kind', 'monotone']),
    ...(directions === null ? [] : [{ label: 'Probability', text: directions }]),
  ]
}

function settingsIn(part: object, without: readonly string[]): Setting[] {
  return Object.entries(part).flatMap(([key, value]) =>
    without.includes(key) ? [] : [{ label: labelOf(key), text: textOf(value) }],
  )
}

/** `maxDepth` as `Max depth`; a single letter stays a capital. */
function labelOf(key: string): string {
  const words = key.replace(/[A-Z0-9]+/g, (letters) => ` ${letters.toLowerCase()}`)
  return words.charAt(0).toUpperCase() + words.slice(1)
}

function textOf(value: unknown): string {
  if (value === null) return 'none'
  if (typeof value === 'number') return plain(value)
  if (typeof value === 'string') return value.replaceAll('_', ' ')
  if (Array.isArray(value)) return value.map(textOf).join(', ')
  if (typeof value === 'object') {
    return Object.entries(value)
      .map(([key, part]) =>
        key === 'kind' ? textOf(part) : `${labelOf(key).toLowerCase()} ${textOf(part)}`,
      )
      .join(', ')
  }
  return value === true ? 'yes' : 'no'
}
