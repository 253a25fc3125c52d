/** A chart as a file: drawn again by itself, with its title, on the ground of a panel. */
import type { EChartsOption } from 'echarts'
import { init } from './echarts.ts'
import { colour, fontFamily, textSize, theme } from './theme.ts'

interface Sheet {
  readonly title: string
  readonly sub: string | null
  readonly option: EChartsOption
  readonly width: number
  readonly height: number
}

const margin = 12
/** What PNG files have more pixels by, for print and sharp screens. */
const pixelRatio = 2

const headHeight = 34

/** The chart and its title as SVG, with texts as texts. */
export function chartSvg(sheet: Sheet): string {
  const chart = init(null, theme(), {
    renderer: 'svg',
    ssr: true,
    width: sheet.width,
    height: sheet.height,
  })
  try {
    chart.setOption({ ...sheet.option, animation: false, tooltip: { show: false } })
    const drawing = chart.renderToSVGString()
    const { width, height, titleFont, subFont, titleText, subText, subLeft } = layoutOf(sheet)
    const textAt = (left: number, text: string, font: Font, fill: string): string =>
      text === ''
        ? ''
        : `<text x="${left}" y="24" ${fontAttributes(font)} fill="${fill}">${escapeXml(text)}</text>`
    return [
      `<svg xmlns="http://www.w3.org/2000/svg" xmlns:xlink="http://www.w3.org/1999/xlink" width="${width}" height="${height}" viewBox="0 0 ${width} ${height}">`,
      `<rect width="${width}" height="${height}" fill="${colour('panel')}"/>`,
      textAt(margin, titleText, titleFont, colour('ink')),
      textAt(subLeft, subText, subFont, colour('muted')),
      `<g transform="translate(0 ${headHeight})">${drawing}</g>`,
      '</svg>\n',
    ].join('')
  } finally {
    chart.dispose()
  }
}

/** The chart and its title as a PNG image of twice the pixels. */
export async function chartPng(sheet: Sheet): Promise<Blob> {
  const element = document.createElement('div')
  const chart = init(element, theme(), {
    renderer: 'canvas',
    width: sheet.width,
    height: sheet.height,
    devicePixelRatio: pixelRatio,
  })
  try {
    chart.setOption({ ...sheet.option, animation: false, tooltip: { show: false } })
    const { width, height, titleFont, subFont, titleText, subText, subLeft } = layoutOf(sheet)
    const canvas = document.createElement('canvas')
    canvas.width = width * pixelRatio
    canvas.height = height * pixelRatio
    const brush = canvas.getContext('2d')!
    brush.scale(pixelRatio, pixelRatio)
    brush.fillStyle = colour('panel')
    brush.fillRect(0, 0, width, height)
    brush.font = fontText(titleFont)
    brush.fillStyle = colour('ink')
    brush.fillText(titleText, margin, 24)
    brush.font = fontText(subFont)
    brush.fillStyle = colour('muted')
    brush.fillText(subText, subLeft, 24)
    brush.drawImage(chart.renderToCanvas({ pixelRatio }), 0, headHeight, sheet.width, sheet.height)
    return await new Promise((resolve, reject) => {
      canvas.toBlob((blob) => {
        if (blob === null) reject(new Error('The image could not be made: it is too large.'))
        else resolve(blob)
      }, 'image/png')
    })
  } finally {
    chart.dispose()
  }
}

/** Sizes, and the title and what follows it as far as they fit. */
function layoutOf({ title, sub, width, height }: Sheet) {
  const family = fontFamily()
  const titleFont = { weight: 600, size: textSize('small') + 1.5, family }
  const subFont = { weight: 400, size: textSize('small'), family }
  const brush = document.createElement('canvas').getContext('2d')!
  const room = width - 2 * margin
  brush.font = fontText(titleFont)
  const titleText = shorten(brush, title, room)
  const titleWidth = brush.measureText(titleText).width
  brush.font = fontText(subFont)
  const subLeft = margin + titleWidth + 8
  const subText = shorten(brush, sub ?? '', width - margin - subLeft)
  return { width, height: height + headHeight, titleFont, subFont, titleText, subText, subLeft }
}

function shorten(brush: CanvasRenderingContext2D, text: string, room: number): string {
  if (brush.measureText(text).width <= room) return text
  let characters = Array.from(text)
  while (characters.length > 0 && brush.measureText(`${characters.join('')}…`).width > room) {
    characters = characters.slice(0, Math.floor(characters.length * 0.95))
  }
  return characters.length === 0 ? '' : `${characters.join('')}…`
}

interface Font {
  readonly weight: number
  readonly size: number
  readonly family: string
}

function fontText({ weight, size, family }: Font): string {
  return `${weight} ${size}px ${family}`
}

function fontAttributes({ weight, size, family }: Font): string {
  return `font-weight="${weight}" font-size="${size}" font-family="${escapeXml(family)}"`
}

function escapeXml(text: string): string {
  return text
    .replaceAll('&', '&amp;')
    .replaceAll('<', '&lt;')
    .replaceAll('>', '&gt;')
    .replaceAll('"', '&quot;')
}
