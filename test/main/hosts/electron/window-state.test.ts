import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, describe, expect, it } from 'vitest'
import { placeWindow, readWindowState, saveWindowState } from '#main/hosts/electron/window-state.ts'

const folder = mkdtempSync(join(tmpdir(), 'steelyard-window-'))
afterAll(() => {
  rmSync(folder, { recursive: true })
})

const left = { x: 0, y: 25, width: 1920, height: 1055 }
const right = { x: 1920, y: 0, width: 1600, height: 900 }
const at = (x: number, y: number, width = 1200, height = 800) => ({
  bounds: { x, y, width, height },
  maximized: false,
})

describe('placeWindow', () => {
  it('puts the window where it was', () => {
    expect(placeWindow(at(100, 100), [left, right])).toEqual(at(100, 100).bounds)
    expect(placeWindow(at(2000, 40), [left, right])).toEqual(at(2000, 40).bounds)
  })

  it.each([
    ['on a display that is gone', at(2000, 40), [left]],
    ['with its title bar above the display', at(100, -30), [left]],
    ['below the display', at(100, 1070), [left]],
    ['with hardly a corner on the display', at(1900, 100), [left]],
    ['nowhere yet', { bounds: null, maximized: true }, [left]],
  ])('lets the system place a window %s', (_, state, displays) => {
    expect(placeWindow(state, displays)).toEqual({ width: 1440, height: 920 })
  })

  it('makes it no larger than its display, and no smaller than it can be used', () => {
    expect(placeWindow(at(1920, 0, 5000, 5000), [left, right])).toEqual(right)
    expect(placeWindow(at(10, 30, 300, 100), [left])).toMatchObject({ width: 960, height: 640 })
    const small = { x: 0, y: 0, width: 800, height: 600 }
    expect(placeWindow({ bounds: null, maximized: false }, [small])).toEqual({
      width: 800,
      height: 600,
    })
  })
})

describe('the saved state', () => {
  const file = join(folder, 'made/window-state.json')
  it('comes back as it was', () => {
    saveWindowState(file, at(5, 30))
    expect(readWindowState(file)).toEqual(at(5, 30))
    expect(readFileSync(file, 'utf8')).toMatch(/\n$/)
  })

  it.each(['', '{', 'null', '[]', '{"bounds":{"x":1},"maximized":false}', '{"bounds":null}'])(
    'is the usual one where the file holds %j',
    (text) => {
      writeFileSync(file, text)
      expect(readWindowState(file)).toEqual({ bounds: null, maximized: false })
    },
  )

  it('is no reason to fail where it cannot be written', () => {
    expect(() => {
      saveWindowState(join(file, 'below-a-file.json'), at(1, 1))
    }).not.toThrow()
  })
})
