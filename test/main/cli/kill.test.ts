import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { createStream } from '#shared/core/math/random.ts'
import { disturb, prepareScene } from '../../support/disturbance.ts'
import type { Scene } from '../../support/disturbance.ts'
import { quickPlan } from '../../support/small-table.ts'

const seed = 20260101
const stream = createStream(seed, 'moments')
const moments = (count: number): number[] => Array.from({ length: count }, () => stream.uniform())

let scene: Scene
beforeAll(async () => {
  const plan = quickPlan(['lr', 'gbdt', 'lr_random_under', 'gbdt_random_under'])
  scene = await prepareScene(4000, plan)
}, 60_000)
afterAll(() => {
  scene.remove()
})

describe(`kill -9 at ten moments of import and run (seed ${seed})`, () => {
  it.each(moments(10))(
    'at %f of the way: the project is sound, finished work is kept, the digest is the same',
    async (share) => {
      await disturb(scene, `killed-${Math.round(share * 1e6)}`, 'SIGKILL', share)
    },
  )
})

describe(`cancelling at three moments (seed ${seed})`, () => {
  it.each(moments(3))(
    'at %f of the way: it ends soon, leaves nothing behind, and goes on later',
    async (share) => {
      const [signal, hasProject] =
        share < 0.5 ? ['SIGINT' as const, true] : ['SIGTERM' as const, false]
      const name = `cancelled-${Math.round(share * 1e6)}`
      expect(await disturb(scene, name, signal, share, hasProject)).toBeLessThan(3000)
    },
  )
})
