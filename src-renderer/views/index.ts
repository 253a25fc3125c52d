/** The screens, each loaded when it is first shown. */
import type { Component } from 'svelte'
import type { ViewId } from '../state/route-hash.ts'

type Load = () => Promise<{ readonly default: Component }>

const views: Readonly<Record<ViewId, Load>> = {
  start: () => import('./start/StartView.svelte'),
  data: () => import('./data/DataView.svelte'),
  frame: () => import('./frame/FrameView.svelte'),
  diagnose: () => import('./diagnose/DiagnoseView.svelte'),
  labels: () => import('./labels/LabelsView.svelte'),
  threshold: () => import('./threshold/ThresholdView.svelte'),
  strategies: () => import('./strategies/StrategiesView.svelte'),
  runs: () => import('./runs/RunsView.svelte'),
  compare: () => import('./compare/CompareView.svelte'),
  slices: () => import('./slices/SlicesView.svelte'),
  report: () => import('./report/ReportView.svelte'),
  settings: () => import('./settings/SettingsView.svelte'),
}

export async function loadView(view: ViewId): Promise<Component> {
  return (await views[view]()).default
}
