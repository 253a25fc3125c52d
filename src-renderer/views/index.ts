/** The screens, each loaded when it is first shown. */
import type { Component } from 'svelte'
import type { ViewId } from '../state/route-hash.ts'

interface ViewModule {
  readonly default: Component
}

const modules = import.meta.glob<ViewModule>([
  './start/StartView.svelte',
  './data/DataView.svelte',
  './frame/FrameView.svelte',
  './threshold/ThresholdView.svelte',
  './strategies/StrategiesView.svelte',
  './runs/RunsView.svelte',
  './compare/CompareView.svelte',
  './report/ReportView.svelte',
  './settings/SettingsView.svelte',
])

/** @returns null where there is no such screen. */
export async function loadView(view: ViewId): Promise<Component | null> {
  const path = Object.keys(modules).find((file) => file.startsWith(`./${view}/`))
  return path === undefined ? null : (await modules[path]!()).default
}
