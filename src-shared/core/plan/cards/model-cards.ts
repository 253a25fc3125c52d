/** What is worth knowing of each kind of model before it is tried. */
import { headed, modelPhrases } from '../configuration-text.ts'
import type { ModelChoice } from '../plan.ts'
import {
  fits,
  imbalanceRatio,
  rarer,
  ratioInWords,
  speaksAgainst,
  whole,
  worthTrying,
} from './method-card.ts'
import type { CardFacts, CardsOf, CardVerdict } from './method-card.ts'

/** Fewest positives that two models can share. */
const enoughForTwo = 100
/** Below such a prevalence most cases are easily told to be negative. */
const rare = 0.01

/** What all that draw balanced sets have in common. */
function judgeBalanced(facts: CardFacts): CardVerdict {
  if (rarer(facts) < 20) {
    return speaksAgainst(`each member would see only ${whole(rarer(facts))} of the rarer class`)
  }
  if (imbalanceRatio(facts) < 4) {
    return worthTrying('the classes are nearly balanced already, so there is little to gain')
  }
  return fits(ratioInWords(facts))
}

/** In the order in which they are worth trying. */
export const modelCards: CardsOf<ModelChoice['kind']> = {
  logistic_regression: {
    kind: 'logistic_regression',
    title: headed(modelPhrases.logistic_regression),
    does: 'A weighted sum of the columns',
    when: 'A first look, few positives, or where each column pulls the probability one way.',
    whenNot: 'Where columns matter only together, or up to a point.',
    needs: 'Features on a common scale, which the encoder sees to; no missing values.',
    risks: 'Little: it is stable and its probabilities are close to right untreated.',
    judge: (facts) =>
      rarer(facts) < facts.nFeatures
        ? worthTrying('there are more features than samples of the rarer class')
        : fits('it is stable, quick, and its probabilities are nearly right'),
  },
  gradient_boosting: {
    kind: 'gradient_boosting',
    title: headed(modelPhrases.gradient_boosting),
    does: 'Trees that each mend what those before left',
    when: 'Tables of mixed columns with some hundred positives or more.',
    whenNot: 'With a few dozen positives it learns them by heart.',
    needs: 'Nothing: it takes missing values and categories as they are.',
    risks: 'Overfitting where positives are few; look at the folds.',
    judge: (facts) =>
      rarer(facts) < 50
        ? worthTrying(`${whole(rarer(facts))} samples of the rarer class are few for it`)
        : fits('it finds what columns say together, and takes missing values'),
  },
  multilayer_perceptron: {
    kind: 'multilayer_perceptron',
    title: headed(modelPhrases.multilayer_perceptron),
    does: 'Layers of weighted sums',
    when: 'Many samples and smooth numeric features.',
    whenNot: 'Few positives, or features of which only cuts matter.',
    needs: 'Time, no missing values.',
    risks: 'Another seed gives another model; compare with the others.',
    judge: (facts) =>
      rarer(facts) < 100
        ? speaksAgainst(`${whole(rarer(facts))} samples of the rarer class are too few for it`)
        : worthTrying('it is slower than trees and seldom better on tables'),
  },
  decision_tree: {
    kind: 'decision_tree',
    title: headed(modelPhrases.decision_tree),
    does: 'One tree of questions',
    when: 'Where the rules themselves are wanted, to be read.',
    whenNot: 'Where ranking matters: one tree has few distinct scores.',
    needs: 'A bound on its depth or leaves, or it learns its samples by heart.',
    risks: 'A few other samples can give another tree.',
    judge: () => worthTrying('one tree is for reading: a forest ranks better'),
  },
  random_forest: {
    kind: 'random_forest',
    title: headed(modelPhrases.random_forest),
    does: 'Many trees on draws of the cases, and their mean',
    when: 'A strong second opinion beside boosting that hardly needs tuning.',
    whenNot: 'Under extreme imbalance many trees draw hardly a positive.',
    needs: 'Memory for its trees: they grow until leaves are of one class.',
    risks: 'Scores of rare classes are coarse; recalibrate them.',
    judge: (facts) =>
      rarer(facts) < 30
        ? worthTrying(`a tree sees about ${whole(0.63 * rarer(facts))} of the rarer class`)
        : fits('it hardly needs tuning and takes missing values'),
  },
  balanced_random_forest: {
    kind: 'balanced_random_forest',
    title: headed(modelPhrases.balanced_random_forest),
    does: 'A forest, each tree on as many cases of both classes',
    when: 'Strong imbalance, when ranking the rare class is the aim; quick on many samples.',
    whenNot: 'Nearly balanced classes; a few dozen positives.',
    needs: 'A calibrator: its scores live at balance, not at the natural prevalence.',
    risks: 'Many false alarms at a threshold of ½; tune the threshold.',
    judge: judgeBalanced,
  },
  balanced_bagging: {
    kind: 'balanced_bagging',
    title: headed(modelPhrases.balanced_bagging),
    does: 'Balanced draws; each tree tries all columns',
    when: 'As the balanced forest, where few columns matter and each tree should try them all.',
    whenNot: 'Many columns that say the same.',
    needs: 'A calibrator.',
    risks: 'With ten trees its scores are coarse, and many samples tie.',
    judge: judgeBalanced,
  },
  self_paced_ensemble: {
    kind: 'self_paced_ensemble',
    title: headed(modelPhrases.self_paced_ensemble),
    does: 'Trees on balanced draws that turn to harder cases',
    when: 'Strong imbalance with overlap: it comes to dwell on hard samples, but not on noise alone.',
    whenNot: 'Labels known to be noisy among the commoner class.',
    needs: 'A calibrator.',
    risks: 'Hard samples may be wrong labels; look at them in the label review.',
    judge: judgeBalanced,
  },
  easy_ensemble: {
    kind: 'easy_ensemble',
    title: headed(modelPhrases.easy_ensemble),
    does: 'Boosted stumps on many balanced draws',
    when: 'Strong imbalance and columns that each say a little: sums of stumps don’t overfit.',
    whenNot: 'Where columns matter only together: a stump looks at one.',
    needs: 'A calibrator.',
    risks: 'Sure scores that are not frequencies.',
    judge: judgeBalanced,
  },
  rus_boost: {
    kind: 'rus_boost',
    title: headed(modelPhrases.rus_boost),
    does: 'Boosted stumps, each on a new balanced draw',
    when: 'As EasyEnsemble, cheaper on few samples: one boosted model, a new draw for each stump.',
    whenNot: 'Noisy labels: boosting gives wrong ones ever more weight.',
    needs: 'A calibrator.',
    risks: 'Weights that end up on a few odd samples.',
    judge: judgeBalanced,
  },
  gaussian_naive_bayes: {
    kind: 'gaussian_naive_bayes',
    title: headed(modelPhrases.gaussian_naive_bayes),
    does: 'Each column by itself as evidence',
    when: 'A quick yardstick, or very few positives and bell-shaped columns.',
    whenNot: 'Columns that say the same: each counts as new evidence.',
    needs: 'A calibrator.',
    risks: 'Probabilities near 0 and 1 that are far too sure.',
    judge: () => worthTrying('columns are rarely independent, so its scores are far too sure'),
  },
  isolation_forest: {
    kind: 'isolation_forest',
    title: headed(modelPhrases.isolation_forest),
    does: 'How easily a case is told from all others, labels aside',
    when: 'Positives are oddities of many kinds, too few to learn from, or of kinds yet unseen.',
    whenNot: 'Positives look like ordinary samples; or there are enough to learn from.',
    needs: 'Labels only to turn its score into a probability.',
    risks: 'What is odd need not be positive: watch the precision.',
    judge: (facts) =>
      facts.positives < 50
        ? worthTrying(`${whole(facts.positives)} positives are few to learn from`)
        : speaksAgainst(`${whole(facts.positives)} positives are enough to learn from`),
  },
  two_stage: {
    kind: 'two_stage',
    title: headed(modelPhrases.two_stage),
    does: 'A gate that passes nearly all positives, a filter that decides',
    when: 'Positives are rare, and most negatives are easily told to be negative: a gate lets almost all positives through, a filter decides on what is left.',
    whenNot:
      'Few positives, or a prevalence of several per cent: two models then share what one needs.',
    needs: 'About 100 positives. The gate is fitted once per inner fold and once more.',
    risks:
      'What the gate stops is lost for good: look at its recall by itself, on cases that it has not seen.',
    judge: ({ positives, prevalenceInUse, commitments }) => {
      if (positives < enoughForTwo) {
        return speaksAgainst(
          `there are ${whole(positives)} positives, too few to share between two models`,
        )
      }
      const recall = commitments.find(({ measure }) => measure === 'recall')
      if (recall !== undefined) {
        return fits(
          `the frame commits to a recall of ${percent(recall.atLeast)}, which a gate can be set to`,
        )
      }
      return prevalenceInUse < rare
        ? fits(`${percent(prevalenceInUse)} of cases are positive, under 1 %`)
        : worthTrying(
            `${percent(prevalenceInUse)} of cases are positive: one model sees enough of them`,
          )
    },
  },
}

function percent(share: number): string {
  return `${Number((100 * share).toPrecision(2))} %`
}
