/** The parts of ECharts that the page uses. */
import { BarChart, CustomChart, LineChart, ParallelChart, ScatterChart } from 'echarts/charts'
import {
  AxisPointerComponent,
  GraphicComponent,
  GridComponent,
  MarkAreaComponent,
  MarkLineComponent,
  MarkPointComponent,
  ParallelComponent,
  TooltipComponent,
} from 'echarts/components'
import { init, use } from 'echarts/core'
import { CanvasRenderer, SVGRenderer } from 'echarts/renderers'

use([
  ...[BarChart, CustomChart, LineChart, ParallelChart, ScatterChart],
  ...[GridComponent, ParallelComponent, TooltipComponent, AxisPointerComponent, GraphicComponent],
  ...[MarkAreaComponent, MarkLineComponent, MarkPointComponent],
  ...[CanvasRenderer, SVGRenderer],
])

export { init }
export type { ECharts } from 'echarts/core'
