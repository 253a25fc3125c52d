import { mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { spawnSync } from 'node:child_process'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import {
  addressLeftBehind,
  forgetAddress,
  keepAddress,
  newAddress,
} from '#main/hosts/browser/browser-address.ts'

let folder: string
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'steelyard-address-'))
})
afterEach(() => {
  rmSync(folder, { recursive: true })
})

const address = { ...newAddress(), port: 45678 }
const file = (): string => join(folder, 'browser-host.json')
const deadPid = (): number => spawnSync(process.execPath, ['-e', '']).pid

function leave(pid: number, left: unknown = address): void {
  writeFileSync(file(), JSON.stringify({ address: left, pid }))
}

describe('the address of the browser host', () => {
  it('is for the eyes of the user only, and gone after a proper end', () => {
    keepAddress(folder, address)
    if (process.platform !== 'win32') expect(statSync(file()).mode & 0o777).toBe(0o600)
    forgetAddress(folder)
    expect(readdirSync(folder)).toEqual([])
  })

  it('is taken up after a crash, and only then', () => {
    expect(addressLeftBehind(folder)).toBe(null)
    leave(deadPid())
    expect(addressLeftBehind(folder)).toEqual(address)
    leave(process.ppid)
    expect(addressLeftBehind(folder)).toBe(null)
  })

  it('of another host that runs is left alone', () => {
    leave(process.ppid)
    const before = readFileSync(file(), 'utf8')
    keepAddress(folder, { ...newAddress(), port: 45679 })
    forgetAddress(folder)
    expect(readFileSync(file(), 'utf8')).toBe(before)
  })

  it.each([
    ['no JSON', '{'],
    ['a privileged port', { ...address, port: 80 }],
    ['a port that is none', { ...address, port: 70_000 }],
    ['a short key', { ...address, token: 'abc' }],
    ['a key that is no text', { ...address, token: 5 }],
  ])('is not taken up with %s', (_, left) => {
    leave(deadPid(), left)
    if (typeof left === 'string') writeFileSync(file(), left)
    expect(addressLeftBehind(folder)).toBe(null)
  })
})
