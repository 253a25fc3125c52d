/**
 * What is worth knowing of each kind of model before it is tried: in plain words, and judged against
 * the data at hand.
 */
import { formatNumber } from '../format.ts'
import type { SingleModelChoice } from '../plan/plan.ts'

export interface ModelCard {
  readonly kind: SingleModelChoice['kind']
  readonly title: string
  /** When it fits, when not; what it needs and what it risks: a sentence or two each. */
  readonly when: string
  readonly whenNot: string
  readonly needs: string
  readonly risks: string
}

/** What a model is judged against. */
export interface ModelFacts {
  /** Samples of both classes in a training set, about. */
  readonly positives: number
  readonly negatives: number
  /** Features after encoding. */
  readonly nFeatures: number
  /** Whether the frame asks for probabilities that are right, not for a ranking alone. */
  readonly needsProbabilities: boolean
}

export interface ModelVerdict {
  readonly fit: 'good' | 'fair' | 'poor'
  /** A sentence that begins with "because". */
  readonly because: string
}

type Judge = (facts: ModelFacts) => ModelVerdict

const good = (because: string): ModelVerdict => ({ fit: 'good', because })
const fair = (because: string): ModelVerdict => ({ fit: 'fair', because })
const poor = (because: string): ModelVerdict => ({ fit: 'poor', because })

const number = (value: number): string => formatNumber(Math.round(value))
const rarerOf = ({ positives, negatives }: ModelFacts): number => Math.min(positives, negatives)
const ratioOf = (facts: ModelFacts): number =>
  Math.max(facts.positives, facts.negatives) / Math.max(1, rarerOf(facts))

/** What all that draw balanced sets have in common. */
const judgeBalanced: Judge = (facts) => {
  const rarer = rarerOf(facts)
  if (rarer < 20)
    return poor(`because each member would see only ${number(rarer)} of the rarer class`)
  if (ratioOf(facts) < 4) {
    return fair('because the classes are nearly balanced already, so there is little to gain')
  }
  return facts.needsProbabilities
    ? fair('because its scores are no probabilities before they are recalibrated')
    : good(
        `because there are ${number(ratioOf(facts))} of the other class for each of the rarer one`,
      )
}

interface Entry {
  readonly card: Omit<ModelCard, 'kind'>
  readonly judge: Judge
}

const entries: Readonly<Record<SingleModelChoice['kind'], Entry>> = {
  logistic_regression: {
    card: {
      title: 'Logistic regression',
      when: 'A first look, few positives, or where each column pulls the probability one way.',
      whenNot: 'Where columns matter only together, or up to a point.',
      needs: 'Features on a common scale, which the encoder sees to; no missing values.',
      risks: 'Little: it is stable and its probabilities are close to right untreated.',
    },
    judge: (facts) =>
      rarerOf(facts) < facts.nFeatures
        ? fair('because there are more features than samples of the rarer class')
        : good('because it is stable, quick, and its probabilities are nearly right'),
  },
  gradient_boosting: {
    card: {
      title: 'Boosted trees',
      when: 'Tables of mixed columns with some hundred positives or more.',
      whenNot: 'With a few dozen positives it learns them by heart.',
      needs: 'Nothing: it takes missing values and categories as they are.',
      risks: 'Overfitting where positives are few; look at the folds.',
    },
    judge: (facts) =>
      rarerOf(facts) < 50
        ? fair(`because ${number(rarerOf(facts))} samples of the rarer class are few for it`)
        : good('because it finds what columns say together, and takes missing values'),
  },
  multilayer_perceptron: {
    card: {
      title: 'Neural network',
      when: 'Many samples and smooth numeric features.',
      whenNot: 'Few positives, or features of which only cuts matter.',
      needs: 'Time, no missing values.',
      risks: 'Another seed gives another model; compare with the others.',
    },
    judge: (facts) =>
      rarerOf(facts) < 100
        ? poor(`because ${number(rarerOf(facts))} samples of the rarer class are too few for it`)
        : fair('because it is slower than trees and seldom better on tables'),
  },
  decision_tree: {
    card: {
      title: 'Decision tree',
      when: 'Where the rules themselves are wanted, to be read.',
      whenNot: 'Where ranking matters: one tree has few distinct scores.',
      needs: 'A bound on its depth or leaves, or it learns its samples by heart.',
      risks: 'A few other samples can give another tree.',
    },
    judge: () => fair('because one tree is for reading: a forest ranks better'),
  },
  random_forest: {
    card: {
      title: 'Random forest',
      when: 'A strong second opinion beside boosting that hardly needs tuning.',
      whenNot: 'Under extreme imbalance many trees draw hardly a positive.',
      needs: 'Memory for its trees: they grow until leaves are of one class.',
      risks: 'Scores of rare classes are coarse; recalibrate them.',
    },
    judge: (facts) =>
      rarerOf(facts) < 30
        ? fair(`because a tree sees about ${number(0.63 * rarerOf(facts))} of the rarer class`)
        : good('because it hardly needs tuning and takes missing values'),
  },
  balanced_random_forest: {
    card: {
      title: 'Balanced random forest',
      when: 'Strong imbalance, when ranking the rare class is the aim; quick on many samples.',
      whenNot: 'Nearly balanced classes; a few dozen positives.',
      needs: 'A calibrator: its scores live at balance, not at the natural prevalence.',
      risks: 'Many false alarms at a threshold of ½; tune the threshold.',
    },
    judge: judgeBalanced,
  },
  balanced_bagging: {
    card: {
      title: 'Balanced bagging',
      when: 'As the balanced forest, where few columns matter and each tree should try them all.',
      whenNot: 'Many columns that say the same.',
      needs: 'A calibrator.',
      risks: 'With ten trees its scores are coarse, and many samples tie.',
    },
    judge: judgeBalanced,
  },
  self_paced_ensemble: {
    card: {
      title: 'Self-paced ensemble',
      when: 'Strong imbalance with overlap: it comes to dwell on hard samples, but not on noise alone.',
      whenNot: 'Labels known to be noisy among the commoner class.',
      needs: 'A calibrator.',
      risks: 'Hard samples may be wrong labels; look at them in the label review.',
    },
    judge: judgeBalanced,
  },
  easy_ensemble: {
    card: {
      title: 'EasyEnsemble',
      when: 'Strong imbalance and columns that each say a little: sums of stumps don’t overfit.',
      whenNot: 'Where columns matter only together: a stump looks at one.',
      needs: 'A calibrator.',
      risks: 'Sure scores that are not frequencies.',
    },
    judge: judgeBalanced,
  },
  rus_boost: {
    card: {
      title: 'RUSBoost',
      when: 'As EasyEnsemble, cheaper on few samples: one boosted model, a new draw for each stump.',
      whenNot: 'Noisy labels: boosting gives wrong ones ever more weight.',
      needs: 'A calibrator.',
      risks: 'Weights that end up on a few odd samples.',
    },
    judge: judgeBalanced,
  },
  gaussian_naive_bayes: {
    card: {
      title: 'Naive Bayes',
      when: 'A quick yardstick, or very few positives and bell-shaped columns.',
      whenNot: 'Columns that say the same: each counts as new evidence.',
      needs: 'A calibrator.',
      risks: 'Probabilities near 0 and 1 that are far too sure.',
    },
    judge: () => fair('because columns are rarely independent, so its scores are far too sure'),
  },
  isolation_forest: {
    card: {
      title: 'Isolation forest',
      when: 'Positives are oddities of many kinds, too few to learn from, or of kinds yet unseen.',
      whenNot: 'Positives look like ordinary samples; or there are enough to learn from.',
      needs: 'Labels only to turn its score into a probability.',
      risks: 'What is odd need not be positive: watch the precision.',
    },
    judge: (facts) =>
      facts.positives < 50
        ? fair(`because ${number(facts.positives)} positives are few to learn from`)
        : poor(`because ${number(facts.positives)} positives are enough to learn from`),
  },
}

/** The cards of all kinds of models, in the order in which they are worth trying. */
export const modelCards: readonly ModelCard[] = Object.entries(entries).map(([kind, { card }]) => ({
  kind: kind as ModelCard['kind'],
  ...card,
}))

/** How well a kind of model fits these data and what is asked of it, and why. */
export function judgeModel(kind: SingleModelChoice['kind'], facts: ModelFacts): ModelVerdict {
  return entries[kind].judge(facts)
}
