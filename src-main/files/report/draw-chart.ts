import { CustomChart, LineChart, ScatterChart } from 'echarts/charts'
import { GridComponent, MarkLineComponent } from 'echarts/components'
import { init, use } from 'echarts/core'
import type { EChartsCoreOption } from 'echarts/core'
import { SVGRenderer } from 'echarts/renderers'
import { html, printable, trustedMarkup } from './html.ts'
import type { Markup } from './html.ts'
import { baseOption, tokenOf } from './chart-theme.ts'

use([CustomChart, LineChart, ScatterChart, GridComponent, MarkLineComponent, SVGRenderer])

export interface ChartDrawing {
  /** Unique in the page; letters, digits and dashes. */
  readonly id: string
  readonly width: number
  readonly height: number
  /** What the picture shows, for those who can't see it. */
  readonly description: string
  readonly option: EChartsCoreOption
}

/** A chart as inline SVG: no script, colours by name, the same text at every call. */
export function drawChart({ id, width, height, description, option }: ChartDrawing): Markup {
  const chart = init(null, null, { renderer: 'svg', ssr: true, width, height })
  try {
    chart.setOption({ ...baseOption, ...option })
    const drawn = printable(chart.renderToSVGString())
    const inside = withPageColours(withOwnIds(withoutStyles(drawn), id))
      .replace(/^\s*<svg[^>]*>/, '')
      .replace(/<\/svg>\s*$/, '')
    return html`<svg
      role="img"
      aria-label="${description}"
      viewBox="0 0 ${width} ${height}"
      width="${width}"
      height="${height}"
    >
      ${trustedMarkup(inside)}
    </svg>`
  } finally {
    chart.dispose()
  }
}

/** Hover rules are of no use on paper; their class names count instances, so they go as well. */
function withoutStyles(svg: string): string {
  return svg
    .replace(/<style\s*><!\[CDATA\[[^]*?\]\]>\s*<\/style>/g, '')
    .replace(/ (?:class="zr\d+-cls-\d+"|ecmeta_\w+="[^"]*"|pointer-events="\w+")/g, '')
}

/** Ids that count the instances made so far become ids of this chart. Quotes in texts are escaped. */
function withOwnIds(svg: string, id: string): string {
  return svg.replace(/(="(?:url\(#)?)zr\d+-/g, `$1${id}-`)
}

/** Stand-in colours become variables of the page. Only attributes match: texts have no quotes. */
function withPageColours(svg: string): string {
  return svg.replace(/(fill|stroke)="(#[0-9a-f]{6})"/g, (attribute, name: string, hex: string) => {
    const token = tokenOf(hex)
    return token === null ? attribute : `${name}="var(--${token})"`
  })
}
