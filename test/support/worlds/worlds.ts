import { hiddenPositives } from './hidden-positives.ts'
import { imbalanceEffect } from './imbalance-effect.ts'
import { leak } from './leak.ts'
import { metricOnly } from './metric-only.ts'
import { none } from './none.ts'
import { overlap } from './overlap.ts'
import { thresholdOnly } from './threshold-only.ts'
import { tooFewPositives } from './too-few-positives.ts'
import type { World } from './world.ts'

export const worlds: readonly World[] = [
  metricOnly,
  thresholdOnly,
  overlap,
  hiddenPositives,
  tooFewPositives,
  leak,
  imbalanceEffect,
  none,
]
