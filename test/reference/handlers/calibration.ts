import { fitIsotonic, predictIsotonic } from '#shared/core/calibration/isotonic.ts'
import { correctPriorOdds, scaleOdds } from '#shared/core/calibration/prior-odds.ts'
import { fitSigmoid, predictSigmoid } from '#shared/core/calibration/sigmoid.ts'
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

  temperature: (_, check) => {
    check.notYet('temperature scaling')
  },
  beta: (_, check) => {
    check.notYet('beta calibration')
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
