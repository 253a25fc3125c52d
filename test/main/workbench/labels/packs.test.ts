import { describe, expect, it } from 'vitest'
import { openDesk } from '../desk-support.ts'
import { labelDesk, paymentsCsv } from './support.ts'
import type { LabelDesk } from './support.ts'
import { importTable } from '../desk-support.ts'

/** A desk with a queue of ten rows, of which Ann has decided five. */
async function deskWithQueue(): Promise<LabelDesk & { readonly queueId: number }> {
  const desk = await labelDesk()
  const queueId = await desk.queue({ size: 10, controlShare: 0.2 })
  for (let position = 0; position < 5; position++) {
    await desk.say({ queueId, position, verdict: position < 2 ? 'relabel' : 'keep' })
  }
  return { ...desk, queueId }
}

/** The same data in a project of a colleague. */
async function colleague(): Promise<LabelDesk> {
  return labelDesk({ scan: false })
}

describe('a reviewer pack', { timeout: 180_000 }, () => {
  it('goes out without verdicts, is reviewed elsewhere, and comes back, once', async () => {
    const home = await deskWithQueue()
    const { queueId } = home
    const out = await home.ask('pack.write', { queueId, withReviews: false })
    expect(out.name).toBe('Most doubtful labels.reviews.json')
    expect(out.text).not.toContain('Ann')

    const away = await colleague()
    const taken = await away.ask('pack.merge', { fileId: away.file('out.json', out.text) })
    expect(taken).toMatchObject({ added: 0, known: 0, conflicts: 0, notes: [] })
    const view = await away.ask('queue.view', { queueId: taken.queueId, reviewer: 'Bob' })
    expect(view.items.every(({ state }) => state === null)).toBe(true)
    const here = await home.ask('queue.cards', { queueId, positions: [3], reviewer: 'Ann' })
    const there = await away.ask('queue.cards', {
      ...{ queueId: taken.queueId, positions: [3], reviewer: 'Bob' },
    })
    expect(there[0]!.evidence).toEqual(here[0]!.evidence)
    // Agrees on four of five, contradicts one, and decides two that are open at home.
    for (let position = 0; position < 7; position++) {
      const verdict = position === 0 || position > 1 ? 'keep' : 'relabel'
      await away.say({ queueId: taken.queueId, position, verdict, reviewer: 'Bob' })
    }
    const undone = { queueId: taken.queueId, key: 'back', reviewer: 'Bob' }
    await away.ask('review.undo', undone)
    const back = await away.ask('pack.write', { queueId: taken.queueId, withReviews: true })

    const fileId = home.file('back.json', back.text)
    const merged = await home.ask('pack.merge', { fileId })
    expect(merged).toMatchObject({ queueId, added: 8, known: 0, conflicts: 1, notes: [] })
    const before = await home.ask('labels.state', { versionId: home.versionId })
    const again = await home.ask('pack.merge', { fileId })
    expect(again).toMatchObject({ added: 0, known: 8, conflicts: 1 })
    expect(again.notes).toEqual(['Everything in it was here already.'])

    const state = await home.ask('labels.state', { versionId: home.versionId })
    expect(state).toEqual(before)
    expect(state.chain).toMatchObject({ events: 13, brokenAt: null })
    expect(state.reviewers).toEqual(['Ann', 'Bob'])
    expect(state.agreement).toMatchObject({ pairs: 5, observed: 0.8 })
    expect(state.conflicts).toHaveLength(1)
    expect(state.queues[0]!.states).toMatchObject({ agreed: 4, adjudicate: 1, decided: 1, open: 4 })
    const { header, rows } = await home.ask('review.log', { versionId: home.versionId })
    const from = rows.map((row) => row[header.indexOf('from_sequence')])
    expect(from).toEqual([null, null, null, null, null, 1, 2, 3, 4, 5, 6, 7, 8])
  })

  it('can be reviewed in a project without the data, and only there', async () => {
    const home = await deskWithQueue()
    const { text } = await home.ask('pack.write', { queueId: home.queueId, withReviews: false })
    const bare = await openDesk()
    await bare.ask('project.create', { name: 'Only a pack', fileId: null })
    const taken = await bare.ask('pack.merge', { fileId: bare.file('p.json', text) })
    const state = await bare.ask('labels.state', { versionId: null })
    expect(state.queues).toMatchObject([{ queueId: taken.queueId, elsewhere: true, total: 10 }])

    const other = await openDesk()
    await importTable(other, paymentsCsv(200), 'others')
    const { message } = await other.refusal('pack.merge', { fileId: other.file('p.json', text) })
    expect(message).toMatch(/made of other data than this project holds.*Nothing was taken in/)
  })

  it('that was edited, damaged, or comes from the future is refused in words', async () => {
    const home = await deskWithQueue()
    const { text } = await home.ask('pack.write', { queueId: home.queueId, withReviews: true })
    const away = await colleague()
    const refusal = async (edited: string): Promise<string> => {
      const { code, message } = await away.refusal('pack.merge', {
        fileId: away.file('p.json', edited),
      })
      expect(code).toBe('bad_input')
      return message
    }
    const said = text.replace('"verdict":"relabel"', '"verdict":"exclude"')
    expect(said).not.toBe(text)
    expect(await refusal(said)).toMatch(/changed after it was written/)
    expect(await refusal(text.replace('"reviewer":"Ann"', '"reviewer":"Eve"'))).toMatch(/changed/)
    expect(await refusal(text.replace('"given":0', '"given":2'))).toMatch(/damaged at .*given/)
    expect(await refusal(text.replace('"version":1', '"version":2'))).toMatch(/newer version/)
    expect(await refusal(text.slice(0, -200))).toMatch(/can not be read as JSON/)
    expect(await refusal('{"a":1}')).toMatch(/no reviewer pack/)
    expect(await refusal('')).toMatch(/no reviewer pack/)
    expect((await away.ask('labels.state', { versionId: away.versionId })).queues).toEqual([])
  })

  it('with reviews of a clock that is ahead is taken in, and that is said', async () => {
    const home = await labelDesk({
      desk: await openDesk(undefined, { clock: () => new Date('2099-01-01T00:00:00Z') }),
    })
    const queueId = await home.queue({ size: 5, controlShare: 0 })
    await home.say({ queueId, position: 0, verdict: 'keep' })
    const { text } = await home.ask('pack.write', { queueId, withReviews: true })
    const away = await colleague()
    const merged = await away.ask('pack.merge', { fileId: away.file('p.json', text) })
    expect(merged.added).toBe(1)
    expect(merged.notes).toEqual([
      "1 of its reviews carry times ahead of this machine's clock, up to 2099-01-01T00:00:00.000Z: one of the two clocks is wrong. They are kept as they are.",
    ])
  })

  it('of a second look keeps verdicts that say the opposite apart, and one name as one', async () => {
    const home = await deskWithQueue()
    const { queueId } = home
    const { text } = await home.ask('pack.write', { queueId, withReviews: true })
    const away = await colleague()
    const taken = await away.ask('pack.merge', { fileId: away.file('p.json', text) })
    await away.say({ queueId: taken.queueId, position: 9, verdict: 'keep', reviewer: 'Ann' })
    const own = await away.ask('pack.write', { queueId: taken.queueId, withReviews: true })
    const merged = await home.ask('pack.merge', { fileId: home.file('back.json', own.text) })
    expect(merged).toMatchObject({ added: 1, known: 5, conflicts: 0 })
    const { footer } = await home.ask('queue.view', { queueId, reviewer: 'Ann' })
    expect(footer.done).toBe(6)
  })
})
