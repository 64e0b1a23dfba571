// The chart kinds the product draws, and nothing else: the bundle stays a third of the whole library.
import * as core from "echarts/core";
import { BarChart, HeatmapChart, LineChart, MapChart, PieChart, ScatterChart } from "echarts/charts";
import {
  AriaComponent,
  DataZoomInsideComponent,
  DatasetComponent,
  GeoComponent,
  GridComponent,
  LegendComponent,
  MarkLineComponent,
  TitleComponent,
  TooltipComponent,
  VisualMapComponent,
} from "echarts/components";
import { LabelLayout } from "echarts/features";
import { SVGRenderer } from "echarts/renderers";

core.use([
  BarChart, HeatmapChart, LineChart, MapChart, PieChart, ScatterChart,
  AriaComponent, DataZoomInsideComponent, DatasetComponent, GeoComponent, GridComponent, LegendComponent,
  MarkLineComponent, TitleComponent, TooltipComponent, VisualMapComponent,
  LabelLayout, SVGRenderer,
]);

export const { graphic, init, registerMap } = core;
