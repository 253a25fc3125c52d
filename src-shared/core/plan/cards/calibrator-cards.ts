import type { CalibrationChoice } from '../plan.ts'
import { headed, calibratorPhrases } from '../configuration-text.ts'
import { fits, speaksAgainst, whole, worthTrying } from './method-card.ts'
import type { CardFacts, CardsOf, CardVerdict } from './method-card.ts'

/** From so many positives a curve of any shape follows shape more than chance. */
const ENOUGH_FOR_SHAPE = 200
const ENOUGH_FOR_THREE = 100

function byPositives(least: number, what: string): (facts: CardFacts) => CardVerdict {
  return ({ positives }) =>
    positives >= least
      ? fits(`${whole(positives)} positives are enough for ${what}`)
      : speaksAgainst(`${whole(positives)} positives are too few for ${what}`)
}

/** Cards of the calibrators, from the stiffest to the freest. */
export const calibratorCards: CardsOf<CalibrationChoice['calibrator']> = {
  none: {
    kind: 'none',
    title: headed(calibratorPhrases.none),
    does: 'Probabilities stay as they are',
    when: 'The model was trained with log loss on the data as they are.',
    whenNot: 'Anything was sampled or weighed, or the receipt shows that levels are wrong.',
    needs: 'Nothing.',
    risks: 'A Bayes threshold on wrong probabilities is wrong.',
    judge: ({ movesProbabilities }) =>
      movesProbabilities
        ? speaksAgainst('the treatment moves probabilities away from frequencies')
        : fits('nothing in this configuration moves probabilities'),
  },
  auto: {
    kind: 'auto',
    title: headed(calibratorPhrases.auto),
    does: 'Sigmoid or isotonic, by what the positives allow',
    when: 'There is no reason to prefer another: sigmoid below 200 positives, isotonic from there.',
    whenNot: 'Comparing calibrators.',
    needs: 'Nothing.',
    risks: 'Those of the one it picks.',
    judge: () => fits('it goes by the one thing that matters most, the number of positives'),
  },
  temperature: {
    kind: 'temperature',
    title: headed(calibratorPhrases.temperature),
    does: 'One number makes all scores bolder or more timid',
    when: 'A network is right on the whole but too bold, or too timid.',
    whenNot: 'The level is wrong, as after sampling or weights that were not corrected.',
    needs: 'Few positives: it has one parameter.',
    risks: 'It can’t mend a level.',
    judge: ({ movesProbabilities }) =>
      movesProbabilities
        ? worthTrying('levels were moved: it needs them corrected before')
        : fits('levels were not moved, and one parameter follows no chance'),
  },
  sigmoid: {
    kind: 'sigmoid',
    title: headed(calibratorPhrases.sigmoid),
    does: 'A curve of two parameters',
    when: 'Few positives: two parameters mend level and boldness.',
    whenNot: 'One end of the scale is bent otherwise than the other.',
    needs: 'Some dozens of positives.',
    risks: 'A shape that is no sigmoid stays wrong.',
    judge: ({ positives }) =>
      positives < ENOUGH_FOR_SHAPE
        ? fits(`${whole(positives)} positives leave room for two parameters`)
        : worthTrying('there are positives enough for freer curves'),
  },
  beta: {
    kind: 'beta',
    title: headed(calibratorPhrases.beta),
    does: 'A curve of three parameters that may bend at either end',
    when: 'Low and high probabilities are wrong in different ways, as boosted trees often are.',
    whenNot: 'There are fewer than about 100 positives.',
    needs: 'About 100 positives.',
    risks: 'Its ends follow few samples.',
    judge: byPositives(ENOUGH_FOR_THREE, 'three parameters'),
  },
  isotonic: {
    kind: 'isotonic',
    title: headed(calibratorPhrases.isotonic),
    does: 'Any rising curve, in steps',
    when: 'Many positives: it follows any increasing shape.',
    whenNot: 'Few positives: it follows chance.',
    needs: '200 positives or more.',
    risks: 'Ties: samples of one block get the same probability and can’t be told apart.',
    judge: byPositives(ENOUGH_FOR_SHAPE, 'a curve of any shape'),
  },
  venn_abers: {
    kind: 'venn_abers',
    title: headed(calibratorPhrases.venn_abers),
    does: 'Any rising curve, followed with caution',
    when: 'As isotonic, with more caution where few samples speak: never 0 and never 1.',
    whenNot: 'A curve of a few parameters is known to fit.',
    needs: 'About 100 positives; twice the time of isotonic.',
    risks: 'Probabilities are pulled to the middle a little where samples are few.',
    judge: byPositives(ENOUGH_FOR_THREE, 'a cautious curve of any shape'),
  },
  cross_venn_abers: {
    kind: 'cross_venn_abers',
    title: headed(calibratorPhrases.cross_venn_abers),
    does: 'A cautious curve for each inner model, and their mean',
    when: 'As Venn-Abers, where the inner models score on different scales.',
    whenNot: 'Positives are few: each inner model has a fourth of them.',
    needs: 'About 400 positives.',
    risks: 'Each of its curves is fitted on a part of the samples.',
    judge: byPositives(4 * ENOUGH_FOR_THREE, 'a curve for each inner model'),
  },
}
