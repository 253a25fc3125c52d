import type { LossChoice } from '../plan.ts'
import { headed, lossPhrases } from '../configuration-text.ts'
import {
  fits,
  imbalanceRatio,
  rarer,
  ratioInWords,
  speaksAgainst,
  whole,
  worthTrying,
} from './method-card.ts'
import type { CardsOf } from './method-card.ts'

const MILD_RATIO = 10
/** Below so many, margins and hard samples are anecdotes. */
const FEW = 50

/** Cards of the losses, in the order in which they are worth trying. */
export const lossCards: CardsOf<LossChoice['kind']> = {
  log_loss: {
    kind: 'log_loss',
    title: headed(lossPhrases.log_loss),
    does: 'Every case counts by how wrong its probability is',
    when: 'Always first: its optimum is the true probability, and a threshold does the rest.',
    whenNot: 'Never wrong to try.',
    needs: 'Nothing.',
    risks: 'Many easy negatives share the gradient with few positives.',
    judge: () => fits('every other loss has to beat it on the same folds'),
  },
  focal: {
    kind: 'focal',
    title: headed(lossPhrases.focal),
    does: 'Easy cases count less',
    when: 'Most negatives are so easy that together they drown the samples near the border.',
    whenNot: 'Labels are often wrong: then the hardest samples are the wrong ones.',
    needs: 'A gamma (2 is usual) and an alpha.',
    risks: 'Probabilities are drawn towards ½. The inverse is known; correct and recalibrate.',
    judge: (facts) =>
      imbalanceRatio(facts) < MILD_RATIO
        ? speaksAgainst(`${ratioInWords(facts)}, so easy samples of one class drown nobody`)
        : worthTrying(`${ratioInWords(facts)}, and most of these will be easy`),
  },
  logit_adjusted: {
    kind: 'logit_adjusted',
    title: headed(lossPhrases.logit_adjusted),
    does: 'Training asks for more where a class is rare',
    when: 'Decisions are to be taken at ½ whatever the prevalence, as for the balanced error.',
    whenNot: 'A threshold is chosen anyway: with two classes and an intercept, it does the same.',
    needs: 'A tau (1 is the theory).',
    risks:
      'None to the ranking. Probabilities are shifted by a known amount, and corrected exactly.',
    judge: ({ hasCosts }) =>
      speaksAgainst(
        hasCosts
          ? 'the threshold from your costs already does what it does'
          : 'a tuned threshold already does what it does',
      ),
  },
  ldam: {
    kind: 'ldam',
    title: headed(lossPhrases.ldam),
    does: 'A wider margin around the rarer class',
    when: 'Few positives, and a flexible model that fits them by heart: a wider margin makes it more careful.',
    whenNot: 'The model is far from fitting the training set.',
    needs: 'Margin, scale, and when class weights set in. Boosting or a network.',
    risks: 'Probabilities have no known inverse: recalibrate.',
    judge: (facts) =>
      rarer(facts) < FEW
        ? worthTrying(`with ${whole(rarer(facts))} of the rarer class any fit is by heart`)
        : imbalanceRatio(facts) < MILD_RATIO
          ? speaksAgainst(`${ratioInWords(facts)}, so the margins hardly differ`)
          : worthTrying('margins differ by class, which no threshold can do'),
  },
  hard_mining: {
    kind: 'hard_mining',
    title: headed(lossPhrases.hard_mining),
    does: 'Only the hardest cases of each step count',
    when: 'A large, clean set in which nearly all negatives are settled after the first steps.',
    whenNot: 'Labels are often wrong, or there are few samples: what is hard then is chance.',
    needs: 'The share that counts. A third more time for a network.',
    risks: 'It trains on label errors first. Probabilities are drawn towards ½: recalibrate.',
    judge: (facts) =>
      rarer(facts) < FEW
        ? speaksAgainst(`with ${whole(rarer(facts))} of the rarer class hard samples are anecdotes`)
        : imbalanceRatio(facts) < MILD_RATIO
          ? speaksAgainst(`${ratioInWords(facts)}, so few samples are easy for being common`)
          : worthTrying(`${ratioInWords(facts)}; look at label issues first`),
  },
  self_paced: {
    kind: 'self_paced',
    title: headed(lossPhrases.self_paced),
    does: 'Easy cases first, hard ones later',
    when: 'Labels are doubtful: the model first learns what most samples agree on.',
    whenNot: 'The rare class consists of a few unlike kinds: the odd ones come in late.',
    needs: 'The share of each class to begin with, and when all are in.',
    risks: 'Rare kinds of positives may be learnt less well.',
    judge: (facts) =>
      rarer(facts) < FEW
        ? speaksAgainst(`${whole(rarer(facts))} of the rarer class are too few to leave some out`)
        : worthTrying('it costs little, and helps where some labels are wrong'),
  },
}
