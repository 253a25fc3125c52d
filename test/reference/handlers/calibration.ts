import {
  fitBeta,
  fitBetaOfOneShape,
  fitBetaThroughHalf,
  predictBeta,
} from '#shared/core/calibration/beta.ts'
import { fitIsotonic, predictIsotonic } from '#shared/core/calibration/isotonic.ts'
import { evaluateSlope } from '#shared/core/calibration/logistic-plane.ts'
import { clippedLogits } from '#shared/core/calibration/logits.ts'
import { correctPriorOdds, scaleOdds } from '#shared/core/calibration/prior-odds.ts'
import { fitSigmoid, predictSigmoid } from '#shared/core/calibration/sigmoid.ts'
import { fitTemperature, predictTemperature } from '#shared/core/calibration/temperature.ts'
import { logLoss } from '#shared/core/metrics/probability.ts'
import type { GoldenHandlers } from '../handlers.ts'

const floats = (numbers: unknown): Float64Array => Float64Array.from(numbers as number[])
const weightsOf = (numbers: unknown): Float64Array | null =>
  numbers === undefined || numbers === null ? null : floats(numbers)

export const calibration: GoldenHandlers = {
  isotonic: ({ input, expect }, check) => {
    const x = floats(input['x'])
    const fit = fitIsotonic(x, floats(input['y']), weightsOf(input['weight']))
    check.close('x_thresholds', fit.x, expect['x_thresholds'])
    check.close('y_thresholds', fit.y, expect['y_thresholds'])
    check.close('fitted', predictIsotonic(fit, x), expect['fitted'])
    check.close(
      'query_values',
      predictIsotonic(fit, floats(input['query'])),
      expect['query_values'],
    )
  },

  platt: ({ input, expect }, check) => {
    const scores = floats(input['score'])
    const yTrue = Uint8Array.from(input['y'] as number[])
    const fit = fitSigmoid(scores, yTrue, weightsOf(input['weight']))
    check.close('a', fit.a, expect['a'])
    check.close('b', fit.b, expect['b'])
    check.close('target_positive', fit.targetPositive, expect['target_positive'])
    check.close('target_negative', fit.targetNegative, expect['target_negative'])
    check.close('objective', fit.objective, expect['objective'])
    check.close('calibrated', predictSigmoid(fit, scores), expect['calibrated'])
  },

  temperature: ({ input, expect }, check) => {
    const probabilities = floats(input['p'])
    const labels = floats(input['y'])
    const weights = weightsOf(input['weight'])
    const fit = fitTemperature(probabilities, labels, weights)
    check.equal('finite_optimum', fit.inverseTemperature !== null, expect['finite_optimum'])
    const lossAt = (p: Float64Array): number | null =>
      logLoss(Uint8Array.from(labels), p, weights, 1e-15).value
    if (fit.inverseTemperature === null) {
      const slopeAt = (slope: number): number =>
        evaluateSlope(clippedLogits(probabilities), labels, weights, slope).gradient
      const asFew = { rel: 1e-9, abs: 1e-9 }
      for (const [name, slope] of [
        ['derivative_at_inverse_temperature_1e_4', 1e-4],
        ['derivative_at_inverse_temperature_1e4', 1e4],
      ] as const) {
        check.close(name, slopeAt(slope), expect[name], asFew)
      }
      return
    }
    const calibrated = predictTemperature(fit.inverseTemperature, probabilities)
    check.close('inverse_temperature', fit.inverseTemperature, expect['inverse_temperature'])
    check.close('temperature', 1 / fit.inverseTemperature, expect['temperature'])
    check.close('mean_log_loss_before', lossAt(probabilities), expect['mean_log_loss_before'])
    check.close('mean_log_loss_after', lossAt(calibrated), expect['mean_log_loss_after'])
    check.close('calibrated', calibrated, expect['calibrated'])
  },

  beta: ({ input, expect }, check) => {
    const probabilities = floats(input['p'])
    const labels = floats(input['y'])
    const weights = weightsOf(input['weight'])
    const fit = fitBeta(probabilities, labels, weights)
    const { a, b, c } = fit.unconstrained
    check.close('unconstrained_abc', [a, b, c], expect['unconstrained_abc'])
    check.equal('branch', fit.branch, expect['branch'])
    for (const name of ['a', 'b', 'c', 'objective'] as const) {
      check.close(name, fit[name], expect[name])
    }
    check.close('calibrated', predictBeta(fit, probabilities), expect['calibrated'])
    const ofOneShape = fitBetaOfOneShape(probabilities, labels, weights)
    check.close('am_a', ofOneShape.a, expect['am_a'])
    check.close('am_c', ofOneShape.c, expect['am_c'])
    const throughHalf = fitBetaThroughHalf(probabilities, labels, weights)
    check.close('ab_a', throughHalf.a, expect['ab_a'])
    check.close('ab_b', throughHalf.b, expect['ab_b'])
  },

  prior_shift_undersampling: ({ input, expect }, check) => {
    const corrected = scaleOdds(floats(input['p']), input['beta'] as number)
    check.close('corrected', corrected, expect['corrected'])
  },

  prior_shift_elkan: ({ input, expect }, check) => {
    const corrected = correctPriorOdds(floats(input['p']), {
      trainPrevalence: input['train_prior'] as number,
      targetPrevalence: input['target_prior'] as number,
    })
    check.close('corrected', corrected, expect['corrected'])
  },
}
