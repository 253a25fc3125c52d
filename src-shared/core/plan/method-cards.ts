/** When two stages, rules and a search are worth trying, in words and held against the data. */

export interface MethodCard {
  readonly kind: 'two_stage' | 'rules' | 'search'
  readonly title: string
  readonly when: string
  readonly whenNot: string
  readonly needs: string
  readonly risks: string
}

/** What cards are held against. */
export interface CardFacts {
  readonly positives: number
  readonly negatives: number
  /** Share of positives where decisions will be taken. */
  readonly prevalenceInUse: number
  /** Recall that the frame commits to, or null. */
  readonly committedRecall: number | null
}

export interface CardVerdict {
  readonly fits: 'yes' | 'perhaps' | 'no'
  /** Completes "because"; without full stop. */
  readonly because: string
}

export const methodCards: Readonly<Record<MethodCard['kind'], MethodCard>> = {
  two_stage: {
    kind: 'two_stage',
    title: 'Gate and filter',
    when: 'Positives are rare, and most negatives are easily told to be negative: a gate lets almost all positives through, a filter decides on what is left.',
    whenNot:
      'Few positives, or a prevalence of several per cent: two models then share what one needs.',
    needs: 'About 100 positives. The gate is fitted once per inner fold and once more.',
    risks:
      'What the gate stops is lost for good: look at its recall by itself, on cases that it has not seen.',
  },
  rules: {
    kind: 'rules',
    title: 'Rules before the model',
    when: 'You know patterns that are always to be alerted, or never: a regulation, a known fraud, a trusted customer.',
    whenNot:
      'The rule is a guess from these very data: a tree finds better ones, and is judged fairly.',
    needs: 'Columns that models may see. Each rule is measured alone and together with the model.',
    risks:
      'A rule decides whatever the model knows, costs alerts of its own, and grows old. Where rules decide there is no probability.',
  },
  search: {
    kind: 'search',
    title: 'Search for hyperparameters',
    when: 'A model has earned its place and the last per cent is worth the time.',
    whenNot:
      'Before threshold and costs are settled: they move more money than any hyperparameter. With few positives the best of many trials is the luckiest.',
    needs:
      'Time: every trial is fitted on all inner folds of every fold. Successive halving begins on a part of the samples and takes about a third of it.',
    risks:
      'The winner looks better inside than it is. So it is judged on folds that the search has not seen, and every trial is counted.',
  },
}

const FEW_POSITIVES = 100
const RARE = 0.01

/** Holds a card against data and frame. */
export function judgeCard(kind: MethodCard['kind'], facts: CardFacts): CardVerdict {
  const { positives, prevalenceInUse, committedRecall } = facts
  const few = `there are ${positives} positives`
  switch (kind) {
    case 'two_stage':
      if (positives < FEW_POSITIVES) {
        return { fits: 'no', because: `${few}, too few to share between two models` }
      }
      if (committedRecall !== null) {
        return {
          fits: 'yes',
          because: `the frame commits to a recall of ${percent(committedRecall)}, which a gate can be set to`,
        }
      }
      return prevalenceInUse < RARE
        ? { fits: 'yes', because: `${percent(prevalenceInUse)} of cases are positive, under 1 %` }
        : {
            fits: 'perhaps',
            because: `${percent(prevalenceInUse)} of cases are positive: one model sees enough of them`,
          }
    case 'rules':
      return { fits: 'perhaps', because: 'only you know which patterns are certain' }
    case 'search':
      return positives < FEW_POSITIVES
        ? {
            fits: 'no',
            because: `${few}, too few to tell good hyperparameters from lucky ones`,
          }
        : { fits: 'perhaps', because: `${few}, enough to tell trials apart, at the price of time` }
  }
}

function percent(share: number): string {
  return `${Number((100 * share).toPrecision(2))} %`
}
