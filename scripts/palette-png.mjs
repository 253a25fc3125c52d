/** Pictures of screens with fewer colours, a third as large. */
import { crc32, deflateSync, inflateSync } from 'node:zlib'

const signature = Buffer.from('89504e470d0a1a0a', 'hex')
const mostColours = 256
/** How many of them are the most frequent ones. */
const ofAreas = 48

/**
 * A PNG of 256 of the colours of another; what has none of these gets the nearest. Only edges of
 * letters and lines change, by shades that nobody tells apart.
 *
 * @param {Buffer} png Eight bits a channel, red, green and blue with or without alpha (which is
 *   dropped), not interlaced: what browsers make.
 * @returns {Buffer}
 */
export function withPalette(png) {
  const { width, height, colours } = readColours(png)
  /** @type {Map<number, number>} */
  const counts = new Map()
  for (const colour of colours) counts.set(colour, (counts.get(colour) ?? 0) + 1)
  const palette = paletteOf(counts)
  const places = new Map([...counts.keys()].map((colour) => [colour, nearest(palette, colour)]))

  // Each row begins with the kind of its filter: none.
  const rows = Buffer.alloc(height * (width + 1))
  for (let i = 0; i < colours.length; i++) {
    rows[i + Math.floor(i / width) + 1] = places.get(colours[i] ?? 0) ?? 0
  }
  const head = Buffer.alloc(13)
  head.writeUInt32BE(width, 0)
  head.writeUInt32BE(height, 4)
  head.set([8, 3], 8)
  return Buffer.concat([
    signature,
    chunk('IHDR', head),
    chunk('PLTE', Buffer.from(palette.flatMap(channelsOf))),
    chunk('IDAT', deflateSync(rows, { level: 9 })),
    chunk('IEND', Buffer.alloc(0)),
  ])
}

/**
 * @param {Buffer} png
 * @returns {{ width: number, height: number, colours: Uint32Array }}
 */
function readColours(png) {
  const width = png.readUInt32BE(16)
  const height = png.readUInt32BE(20)
  const [depth, kind, , , interlaced] = png.subarray(24, 29)
  if (depth !== 8 || (kind !== 2 && kind !== 6) || interlaced !== 0) {
    throw new RangeError('a PNG of eight bits a channel, not interlaced, was wanted')
  }
  /** @type {Buffer[]} */
  const parts = []
  for (let at = 8; at < png.length; at += 12 + png.readUInt32BE(at)) {
    if (png.toString('latin1', at + 4, at + 8) === 'IDAT') {
      parts.push(png.subarray(at + 8, at + 8 + png.readUInt32BE(at)))
    }
  }
  const channels = kind === 2 ? 3 : 4
  const stride = width * channels
  const data = inflateSync(Buffer.concat(parts))
  const colours = new Uint32Array(width * height)
  let above = new Uint8Array(stride)
  for (let row = 0; row < height; row++) {
    const start = row * (stride + 1)
    const line = Uint8Array.from(data.subarray(start + 1, start + 1 + stride))
    unfilter(data[start] ?? 0, line, above, channels)
    for (let column = 0; column < width; column++) {
      const [red = 0, green = 0, blue = 0] = line.subarray(column * channels, column * channels + 3)
      colours[row * width + column] = (red << 16) | (green << 8) | blue
    }
    above = line
  }
  return { width, height, colours }
}

/**
 * Undoes the filter of a row in place, by section 9 of the PNG specification.
 *
 * @param {number} kind
 * @param {Uint8Array} line
 * @param {Uint8Array} above
 * @param {number} channels
 */
function unfilter(kind, line, above, channels) {
  for (let i = 0; i < line.length; i++) {
    const left = i < channels ? 0 : (line[i - channels] ?? 0)
    const up = above[i] ?? 0
    const corner = i < channels ? 0 : (above[i - channels] ?? 0)
    const guess = [0, left, up, (left + up) >> 1, paeth(left, up, corner)][kind] ?? 0
    line[i] = (line[i] ?? 0) + guess
  }
}

/** @type {(left: number, up: number, corner: number) => number} */
function paeth(left, up, corner) {
  const [a, b, c] = [
    Math.abs(up - corner),
    Math.abs(left - corner),
    Math.abs(left + up - 2 * corner),
  ]
  return a <= b && a <= c ? left : b <= c ? up : corner
}

/**
 * The colours of areas, and then what is least like any colour before and not rare: a small mark
 * of its own colour keeps it.
 *
 * @param {ReadonlyMap<number, number>} counts Pixels of each colour.
 * @returns {number[]}
 */
function paletteOf(counts) {
  const colours = [...counts]
    .sort((a, b) => b[1] - a[1] || a[0] - b[0])
    .map(([colour, count]) => ({ colour, weight: Math.sqrt(count), away: Infinity }))
  /** @type {number[]} */
  const palette = []
  for (let size = 0; size < Math.min(mostColours, colours.length); size++) {
    let next = colours[size]
    if (size >= ofAreas) {
      for (const one of colours) {
        if (next === undefined || one.weight * one.away > next.weight * next.away) next = one
      }
    }
    if (next === undefined) break
    palette.push(next.colour)
    for (const one of colours) {
      one.away = Math.min(one.away, distance(one.colour, next.colour))
    }
  }
  return palette
}

/** @type {(palette: readonly number[], colour: number) => number} */
function nearest(palette, colour) {
  let best = 0
  let least = Infinity
  for (const [i, other] of palette.entries()) {
    const away = distance(colour, other)
    if (away < least) [best, least] = [i, away]
  }
  return best
}

/** @type {(a: number, b: number) => number} */
function distance(a, b) {
  const red = (a >> 16) - (b >> 16)
  const green = ((a >> 8) & 0xff) - ((b >> 8) & 0xff)
  const blue = (a & 0xff) - (b & 0xff)
  return 3 * red * red + 4 * green * green + 2 * blue * blue
}

/** @type {(colour: number) => [number, number, number]} */
function channelsOf(colour) {
  return [colour >> 16, (colour >> 8) & 0xff, colour & 0xff]
}

/** @type {(kind: string, data: Buffer) => Buffer} */
function chunk(kind, data) {
  const body = Buffer.concat([Buffer.from(kind, 'latin1'), data])
  const frame = Buffer.alloc(8)
  frame.writeUInt32BE(data.length, 0)
  frame.writeUInt32BE(crc32(body), 4)
  return Buffer.concat([frame.subarray(0, 4), body, frame.subarray(4)])
}
