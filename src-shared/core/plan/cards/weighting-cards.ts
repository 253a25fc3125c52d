import type { WeightingChoice } from '../plan.ts'
import { headed, weightingPhrases } from '../configuration-text.ts'
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

/** Above this ratio balanced weights leave so few samples in effect that fits follow chance. */
const SEVERE_RATIO = 100
const MILD_RATIO = 3

const movesLevels =
  'Probabilities no longer are frequencies: correct the prior odds and recalibrate.'

function judgeBalance(facts: CardFacts): CardVerdict {
  if (imbalanceRatio(facts) < MILD_RATIO) {
    return speaksAgainst(`${ratioInWords(facts)}, which leaves little to balance`)
  }
  if (imbalanceRatio(facts) > SEVERE_RATIO) {
    return worthTrying(
      `${ratioInWords(facts)}: balanced weights make ${whole(rarer(facts))} samples decide nearly everything`,
    )
  }
  return fits(`${ratioInWords(facts)}, and weights cost nothing in time`)
}

/** Cards of the weightings, in the order in which they are worth trying. */
export const weightingCards: CardsOf<WeightingChoice['kind']> = {
  none: {
    kind: 'none',
    title: headed(weightingPhrases.none),
    does: 'Every case counts once',
    when: 'Always first: with a threshold from the costs the untreated model is hard to beat.',
    whenNot: 'Never wrong to try.',
    needs: 'Nothing.',
    risks: 'A model of little capacity may spend all of it on the commoner class.',
    judge: () => fits('every treatment has to beat it on the same folds'),
  },
  balanced: {
    kind: 'balanced',
    title: headed(weightingPhrases.balanced),
    does: 'Both classes count the same in training',
    when: 'The model is too simple to serve both classes, or regularised so much that it ignores the rare one.',
    whenNot: 'The model ranks well already: weights then move the threshold and nothing else.',
    needs: 'Nothing; as fast as without.',
    risks: movesLevels,
    judge: judgeBalance,
  },
  inverse_sqrt: {
    kind: 'inverse_sqrt',
    title: headed(weightingPhrases.inverse_sqrt),
    does: 'Half-way from no weights to balanced ones',
    when: 'Balanced weights overdo it: this is half-way, and keeps far more samples in effect.',
    whenNot: 'Classes are nearly balanced.',
    needs: 'Nothing; as fast as without.',
    risks: movesLevels,
    judge: (facts) =>
      imbalanceRatio(facts) > SEVERE_RATIO
        ? fits(`${ratioInWords(facts)}, where balanced weights would be extreme`)
        : imbalanceRatio(facts) < MILD_RATIO
          ? speaksAgainst(`${ratioInWords(facts)}, which leaves little to balance`)
          : worthTrying('it is the milder form of balanced weights'),
  },
  effective_number: {
    kind: 'effective_number',
    title: headed(weightingPhrases.effective_number),
    does: 'By how many different cases a class really has',
    when: 'Samples of a class repeat each other, so that more of them say ever less.',
    whenNot: 'Counts are small: up to about 1 ÷ (1 − beta) samples it is the same as balanced.',
    needs: 'A beta: near 1 is balanced, 0 is none.',
    risks: movesLevels,
    judge: (facts) =>
      imbalanceRatio(facts) < MILD_RATIO
        ? speaksAgainst(`${ratioInWords(facts)}, which leaves little to balance`)
        : worthTrying('one number goes all the way from no weights to balanced ones'),
  },
  custom: {
    kind: 'custom',
    title: headed(weightingPhrases.custom),
    does: 'A weight for each class, as you say',
    when: 'A weight was agreed on, or is to be compared with what another tool uses.',
    whenNot: 'The costs are known: a threshold from the frame uses them better.',
    needs: 'The weight of each class; only their ratio matters.',
    risks: movesLevels,
    judge: ({ hasCosts }) =>
      hasCosts
        ? worthTrying('costs are stated, and the threshold follows from them without any weights')
        : worthTrying('it answers a question only you can ask'),
  },
  column: {
    kind: 'column',
    title: headed(weightingPhrases.column),
    does: 'Each row counts as much as a column says',
    when: 'Some rows are surer, newer or represent more cases than others, and a column says so.',
    whenNot:
      'The weights say how often a case occurs in reality: then give the column the role of weight, so that metrics use it too.',
    needs:
      'A numeric column of numbers from 0; leave it out of the features if it would not be known when deciding.',
    risks:
      'A column that knows the label leaks it into training. Few large weights leave few samples in effect.',
    judge: () => worthTrying('only you know what the column says of its rows'),
  },
  costs: {
    kind: 'costs',
    title: headed(weightingPhrases.costs),
    does: 'Each row counts as much as deciding it wrongly costs',
    when: 'A wrong decision costs very different sums from row to row, and dear cases look different.',
    whenNot:
      'Costs are the same for all rows: then these are class weights, and a threshold does as well.',
    needs: 'A frame with costs.',
    risks:
      'A few very dear rows decide the fit. Probabilities become those of a world in which dear cases are common: recalibrate.',
    judge: ({ hasCosts, costsPerRow }) =>
      costsPerRow
        ? fits('costs differ from row to row, which no class weight can say')
        : speaksAgainst(
            hasCosts
              ? 'every row of a class costs the same, so a threshold does the same'
              : 'no costs are stated',
          ),
  },
}
