/** Cards of what can be added to any model: rules before it, and a search for hyperparameters. */
import { speaksAgainst, whole, worthTrying } from './method-card.ts'
import type { CardsOf } from './method-card.ts'

/** Fewest positives that tell good hyperparameters from lucky ones. */
const enoughToSearch = 100

export const partCards: CardsOf<'rules' | 'search'> = {
  rules: {
    kind: 'rules',
    title: 'Rules before the model',
    does: 'Patterns that you know decide before the model is asked',
    when: 'You know patterns that are always to be alerted, or never: a regulation, a known fraud, a trusted customer.',
    whenNot:
      'The rule is a guess from these very data: a tree finds better ones, and is judged fairly.',
    needs: 'Columns that models may see. Each rule is measured alone and together with the model.',
    risks:
      'A rule decides whatever the model knows, costs alerts of its own, and grows old. Where rules decide there is no probability.',
    judge: () => worthTrying('only you know which patterns are certain'),
  },
  search: {
    kind: 'search',
    title: 'Search for hyperparameters',
    does: 'Tries hyperparameters inside each training set',
    when: 'A model has earned its place and the last per cent is worth the time.',
    whenNot:
      'Before threshold and costs are settled: they move more money than any hyperparameter. With few positives the best of many trials is the luckiest.',
    needs:
      'Time: every trial is fitted on all inner folds of every fold. Successive halving begins on a part of the samples and takes about a third of it.',
    risks:
      'The winner looks better inside than it is. So it is judged on folds that the search has not seen, and every trial is counted.',
    judge: ({ positives }) =>
      positives < enoughToSearch
        ? speaksAgainst(
            `there are ${whole(positives)} positives, too few to tell good hyperparameters from lucky ones`,
          )
        : worthTrying(
            `there are ${whole(positives)} positives, enough to tell trials apart, at the price of time`,
          ),
  },
}
