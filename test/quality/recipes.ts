/**
 * The models whose out-of-fold quality is compared with the peers': what each does, as the recipe
 * of peer_quality.json says it.
 */
import { defaultLosses, defaultModels } from '#shared/core/plan/default-plan.ts'
import type { Fitting } from '#shared/core/pipeline/fit-and-score.ts'
import { balancedClassWeights } from '#shared/core/weighting/class-weights.ts'

const {
  logistic_regression: lr,
  gradient_boosting: gbdt,
  multilayer_perceptron: mlp,
  ...others
} = defaultModels
const encoder = { missingIndicator: false, maxLevels: Number.MAX_SAFE_INTEGER, missingLevel: true }
const none = { kind: 'none' } as const
const randomUnder = { kind: 'random_under', targetImbalanceRatio: 1 } as const
const smote = { kind: 'smote', targetImbalanceRatio: 1, neighbors: 5 } as const

const plain = { encoder, sampling: none, classWeights: null }

/**
 * Recipe by model name.
 *
 * @param imbalanceRatio Negatives ÷ positives of all rows, which the peer takes as positive weight.
 */
export function recipes(imbalanceRatio: number): Readonly<Record<string, Fitting>> {
  return {
    lr: { ...plain, model: lr },
    lr_balanced: { ...plain, classWeights: balancedClassWeights, model: lr },
    gbdt: { ...plain, model: gbdt },
    gbdt_native: { ...plain, model: { ...gbdt, categoricals: 'native' } },
    gbdt_scale_pos_weight: {
      ...plain,
      classWeights: () => ({ negative: 1, positive: imbalanceRatio }),
      model: gbdt,
    },
    ...Object.fromEntries(
      Object.entries(others).map(([name, model]) => [name, { ...plain, model }]),
    ),
    mlp_64_32: { ...plain, model: mlp },
    gbdt_balanced: { ...plain, classWeights: balancedClassWeights, model: gbdt },
    ...withLosses(),
    lr_random_under: { ...plain, sampling: randomUnder, model: lr },
    lr_smote: { ...plain, sampling: smote, model: lr },
    gbdt_random_under: { ...plain, sampling: randomUnder, model: gbdt },
    gbdt_smote: { ...plain, sampling: smote, model: gbdt },
  }
}

/** Trees and network with each loss that is a treatment. */
function withLosses(): Record<string, Fitting> {
  const fittings: Record<string, Fitting> = {}
  for (const kind of ['focal', 'ldam', 'hard_mining', 'self_paced'] as const) {
    fittings[`gbdt_${kind}`] = { ...plain, model: { ...gbdt, loss: defaultLosses[kind] } }
    fittings[`mlp_${kind}`] = { ...plain, model: { ...mlp, loss: defaultLosses[kind] } }
  }
  return fittings
}
