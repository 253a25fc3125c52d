/**
 * Property tests draw the same examples every time, so that a red test is red for everybody;
 * `STEELYARD_PROPERTY_SEED=random` looks for new ones, a number repeats a finding.
 */
import fc from 'fast-check'

const asked = process.env['STEELYARD_PROPERTY_SEED']
if (asked !== 'random')
  fc.configureGlobal({ seed: asked === undefined ? 20_260_101 : Number(asked) })
