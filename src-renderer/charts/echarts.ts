/** The parts of ECharts that the page uses. */
import { BarChart, CustomChart, LineChart, ScatterChart } from 'echarts/charts'
import {
  AxisPointerComponent,
  GraphicComponent,
  GridComponent,
  MarkAreaComponent,
  MarkLineComponent,
  MarkPointComponent,
  TooltipComponent,
} from 'echarts/components'
import { init, use } from 'echarts/core'
import { CanvasRenderer, SVGRenderer } from 'echarts/renderers'

use([
  ...[BarChart, CustomChart, LineChart, ScatterChart],
  ...[GridComponent, TooltipComponent, AxisPointerComponent, GraphicComponent],
  ...[MarkAreaComponent, MarkLineComponent, MarkPointComponent],
  ...[CanvasRenderer, SVGRenderer],
])

export { init }
export type { ECharts } from 'echarts/core'
