/** The screens, each loaded when it is first shown. */
import type { Component } from 'svelte'
import type { ViewId } from '../state/route-hash.ts'

interface ViewModule {
  readonly default: Component
}

const modules = import.meta.glob<ViewModule>('./*/*View.svelte')

const files: Readonly<Record<ViewId, string>> = {
  start: './start/StartView.svelte',
  data: './data/DataView.svelte',
  frame: './frame/FrameView.svelte',
  threshold: './threshold/ThresholdView.svelte',
  strategies: './strategies/StrategiesView.svelte',
  runs: './runs/RunsView.svelte',
  compare: './compare/CompareView.svelte',
  report: './report/ReportView.svelte',
  settings: './settings/SettingsView.svelte',
}

export async function loadView(view: ViewId): Promise<Component | null> {
  return (await modules[files[view]]?.())?.default ?? null
}
