/** The six marks of runs, in the order of pinning: in a box of 12 × 12, and as ECharts calls them. */
export const runShapes = [
  { path: 'M6 1a5 5 0 1 0 0 10a5 5 0 1 0 0-10z', hollow: false, symbol: 'circle' },
  { path: 'M1.5 1.5h9v9h-9z', hollow: false, symbol: 'rect' },
  { path: 'M6 1l5.2 9.5h-10.4z', hollow: false, symbol: 'triangle' },
  { path: 'M6 .5l5.5 5.5l-5.5 5.5l-5.5-5.5z', hollow: false, symbol: 'diamond' },
  { path: 'M6 2a4 4 0 1 0 0 8a4 4 0 1 0 0-8z', hollow: true, symbol: 'emptyCircle' },
  { path: 'M2 2h8v8h-8z', hollow: true, symbol: 'emptyRect' },
] as const
