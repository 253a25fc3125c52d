import { focalLossDerivatives } from '#shared/core/losses/focal-loss.ts'
import { ldamMargins } from '#shared/core/losses/ldam.ts'
import { logLossDerivatives } from '#shared/core/losses/log-loss.ts'
import type { LossDerivatives } from '#shared/core/losses/log-loss.ts'
import { logitAdjustedMargins, logitAdjustment } from '#shared/core/losses/logit-adjustment.ts'
import { marginLossDerivatives } from '#shared/core/losses/margin-loss.ts'
import { sigmoid } from '#shared/core/math/elementary.ts'
import { priorOf } from '#shared/core/models/prior-logit.ts'
import { balancedClassWeights, weightByClass } from '#shared/core/weighting/class-weights.ts'
import type { ClassWeights } from '#shared/core/weighting/class-weights.ts'
import {
  effectiveNumber,
  effectiveNumberWeights,
  inverseSqrtWeights,
} from '#shared/core/weighting/effective-number.ts'
import type { Checker, GoldenCase, GoldenHandlers } from '../handlers.ts'

interface WeightRow {
  readonly n0: number
  readonly n1: number
  readonly balanced: unknown
  readonly scale_pos_weight: number
  readonly inverse_sqrt_normalized: unknown
  readonly effective_number: Readonly<Record<string, Readonly<Record<string, unknown>>>>
  readonly ldam_margins_max_0_5: unknown
  readonly logit_adjustment_log_odds: number
  readonly prior_bias_init: number
}

const pair = ({ negative, positive }: ClassWeights): number[] => [negative, positive]

export const losses: GoldenHandlers = {
  focal: ({ input, expect }, check) => {
    const logits = Float64Array.from(input['logit'] as number[])
    const yTrue = new Uint8Array(logits.length).fill(input['y'] as number)
    const focus = { gamma: input['gamma'] as number, alpha: input['alpha'] as number | null }
    const out = derivatives(logits.length)
    focalLossDerivatives(yTrue, logits, null, focus, out)
    checkDerivatives(out, expect, check)
  },

  weighted_bce: ({ input, expect }, check) => {
    const positive = input['positive_weight'] as number
    const yTrue = Uint8Array.from(input['y'] as number[])
    const logits = Float64Array.from(input['logit'] as number[])
    const out = derivatives(logits.length)
    logLossDerivatives(yTrue, logits, weightByClass(yTrue, { negative: 1, positive }, null), out)
    checkDerivatives(out, expect, check)
  },

  class_weights: ({ expect }, check) => {
    for (const row of expect['rows'] as WeightRow[]) {
      const { n0, n1 } = row
      const counts = { negatives: n0, positives: n1 }
      const named = (what: string): string => `${what} for ${n0}:${n1}`
      const balanced = balancedClassWeights(counts)
      check.close(named('balanced'), pair(balanced), row.balanced)
      const ratio = balanced.positive / balanced.negative
      check.close(named('scale_pos_weight'), ratio, row.scale_pos_weight)
      check.close(
        named('inverse square root'),
        pair(inverseSqrtWeights(counts)),
        row.inverse_sqrt_normalized,
      )
      for (const [text, want] of Object.entries(row.effective_number)) {
        const beta = Number(text)
        const numbers = [n0, n1].map((n) => effectiveNumber(n, beta))
        const about = named(`effective number, beta ${text}`)
        check.close(about, numbers, want['effective_number'])
        check.close(
          `${about}, raw`,
          numbers.map((number) => 1 / number),
          want['raw'],
        )
        check.close(
          `${about}, normalized`,
          pair(effectiveNumberWeights(counts, beta)),
          want['normalized'],
        )
      }
      const { negative, positive } = ldamMargins(counts, 0.5, 1)
      check.close(named('LDAM margins'), [-negative, -positive], row.ldam_margins_max_0_5)
      check.close(
        named('logit adjustment'),
        logitAdjustment(counts, 1),
        row.logit_adjustment_log_odds,
      )
      const labels = Uint8Array.of(0, 1)
      const prior = priorOf(labels, Float64Array.of(n0, n1)).logit
      check.close(named('prior'), prior, row.prior_bias_init)
    }
  },

  sample_weight: ({ input, expect }, check) => {
    const yTrue = Uint8Array.from(input['y'] as number[])
    const positives = yTrue.reduce((sum, label) => sum + label, 0)
    const balanced = balancedClassWeights({ negatives: yTrue.length - positives, positives })
    check.close('weights', weightByClass(yTrue, balanced, null), expect['weights'])
  },

  logit_adjustment: ({ input, expect }, check) => {
    const { yTrue, logits, counts } = twoLogits(input)
    for (const row of expect['rows'] as Record<string, unknown>[]) {
      const adjustment = logitAdjustment(counts, row['tau'] as number)
      const postHoc = logits.map((z) => z - adjustment)
      check.close('post_hoc_logit', postHoc, row['post_hoc_logit'])
      check.close('post_hoc_probability', postHoc.map(sigmoid), row['post_hoc_probability'])
      const out = derivatives(logits.length)
      marginLossDerivatives(yTrue, logits, null, logitAdjustedMargins(adjustment), out)
      check.close('loss_two_logits', out.loss, row['loss_two_logits'])
      check.close('loss_binary_logit', out.loss, row['loss_binary_logit'])
      check.close('gradient_binary_logit', out.gradient, row['gradient_binary_logit'])
    }
  },

  ldam: ({ input, expect }, check) => {
    const { yTrue, logits, counts } = twoLogits(input)
    for (const row of expect['rows'] as Record<string, unknown>[]) {
      const shift = ldamMargins(counts, input['max_margin'] as number, row['scale'] as number)
      check.close('margins', [-shift.negative, -shift.positive], row['margins'])
      const out = derivatives(logits.length)
      marginLossDerivatives(yTrue, logits, null, shift, out)
      checkDerivatives(out, row, check)
    }
  },
}

/** A case with one logit per class: for two classes only their difference matters. */
function twoLogits({ logits, y, n }: GoldenCase['input']): {
  readonly yTrue: Uint8Array
  readonly logits: Float64Array
  readonly counts: { readonly negatives: number; readonly positives: number }
} {
  const [negatives, positives] = n as [number, number]
  return {
    yTrue: Uint8Array.from(y as number[]),
    logits: Float64Array.from(logits as [number, number][], ([f0, f1]) => f1 - f0),
    counts: { negatives, positives },
  }
}

function derivatives(nSamples: number): LossDerivatives {
  return {
    loss: new Float64Array(nSamples),
    gradient: new Float64Array(nSamples),
    hessian: new Float64Array(nSamples),
  }
}

function checkDerivatives(
  out: LossDerivatives,
  expected: GoldenCase['expect'],
  check: Checker,
): void {
  for (const [name, values] of Object.entries(out)) {
    if (name in expected) check.close(name, values, expected[name])
  }
  if ('mean' in expected) {
    const sum = out.loss.reduce((total: number, loss: number) => total + loss, 0)
    check.close('mean', sum / out.loss.length, expected['mean'])
  }
}
