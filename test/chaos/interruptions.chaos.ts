/** `npm run chaos`: many random interruptions. A failure names the seed; set it to repeat it. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { createStream } from '#shared/core/math/random.ts'
import { disturb, prepareScene } from '../support/disturbance.ts'
import type { Scene } from '../support/disturbance.ts'
import { quickPlan } from '../support/small-table.ts'

const seed = Number(process.env['STEELYARD_CHAOS_SEED'] ?? Date.now() % 1_000_000)
const counts = {
  cancels: Number(process.env['STEELYARD_CHAOS_CANCELS'] ?? 100),
  kills: Number(process.env['STEELYARD_CHAOS_KILLS'] ?? 50),
}
console.log(`STEELYARD_CHAOS_SEED=${seed}`)

let scene: Scene
let slowestMs = 0
beforeAll(async () => {
  const plan = quickPlan(['lr', 'gbdt', 'gbdt_balanced', 'gbdt_smote'])
  scene = await prepareScene(40_000, { ...plan, bootstrapDraws: 500 })
}, 120_000)
afterAll(() => {
  scene.remove()
  console.log(`slowest cancel: ${Math.round(slowestMs)} ms`)
})

describe(`seed ${seed}`, () => {
  const stream = createStream(seed, 'chaos')

  it.each(Array.from({ length: counts.cancels }, (_, i) => i))('cancel %i', async (i) => {
    const share = stream.uniform()
    const signal = stream.uniform() < 0.5 ? 'SIGINT' : 'SIGTERM'
    const hasProject = stream.uniform() < 0.7
    const tookMs = await disturb(scene, `cancel-${seed}-${i}`, signal, share, hasProject)
    slowestMs = Math.max(slowestMs, tookMs)
    expect(tookMs).toBeLessThan(1000)
  })

  it.each(Array.from({ length: counts.kills }, (_, i) => i))('kill -9 %i', async (i) => {
    const share = stream.uniform()
    const hasProject = stream.uniform() < 0.9
    await disturb(scene, `kill-${seed}-${i}`, 'SIGKILL', share, hasProject)
  })
})
