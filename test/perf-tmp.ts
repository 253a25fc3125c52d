import { mkdtempSync, existsSync } from 'node:fs'
import { createStream } from '#shared/core/math/random.ts'
import { createDeskServices } from '#main/hosts/desk-services.ts'
import { createDesk } from '#main/workbench/desk.ts'
import { openProject } from '#main/store/project.ts'
import { resources } from '#main/resources.ts'
import { createFingerprint } from '#main/store/fingerprint.ts'
const n = Number(process.argv[2] ?? 284807)
const file = `/tmp/perf-${n}.steelyard`
if (!existsSync(file)) {
  const s = createStream(1, 'perf')
  const y = Int32Array.from({ length: n }, () => (s.uniform() < 0.0017 ? 1 : 0))
  const cols: any[] = Array.from({ length: 10 }, (_, j) => ({ kind: 'numeric', name: `v${j}`, values: Float64Array.from(y, (v) => s.uniform() + s.uniform() + v * 0.6) }))
  cols.push({ kind: 'numeric', name: 'amount', values: Float64Array.from(y, () => Math.round(s.uniform() * 20000) / 100) })
  cols.push({ kind: 'categorical', name: 'y', codes: y, levels: ['no', 'yes'] })
  const p = openProject(file, { create: true, migrationsDir: resources.migrations, program: 'x' })
  const h = p.datasets.begin({ name: 'perf', sourceName: 'perf.csv', options: {} })
  const f = createFingerprint()
  for (let a = 0; a < n; a += 16384) {
    const b = Math.min(n, a + 16384)
    const c = cols.map((q) => (q.kind === 'numeric' ? { kind: q.kind, values: q.values.slice(a, b) } : { kind: q.kind, codes: q.codes.slice(a, b) }))
    h.appendChunk(c); f.append(c)
  }
  const heads = cols.map((q) => (q.kind === 'numeric' ? { name: q.name, kind: q.kind } : { name: q.name, kind: q.kind, levels: q.levels }))
  h.finish({ columns: heads, fingerprint: f.finish(heads), summary: { notes: [] } })
  p.close()
}
const folder = mkdtempSync('/tmp/perfdesk-')
const services = await createDeskServices('browser', folder)
const mk = async () => { const d = createDesk({ ...services, projectFolder: folder }); const t = performance.now(); const r = await d.openPath(file); console.log('open', Math.round(performance.now() - t)); if (!r.ok) throw new Error(r.error.message); return d }
let d = await mk()
let worst = 0, last = performance.now()
setInterval(() => { const t = performance.now(); worst = Math.max(worst, t - last - 5); last = t }, 5)
const call = async (c: string, a: unknown) => { worst = 0; last = performance.now(); const t = performance.now(); const r = await d.call(c, a); console.log(c, Math.round(performance.now() - t), 'ms; host blocked', Math.round(worst)); if (!r.ok) throw new Error(r.error.message); return r.result as any }
const roles = { target: 'y', positive: 'yes', id: null, time: null, group: null, amount: 'amount', weight: null, ignore: [] }
const frame = { costs: { truePositive: 5, falsePositive: 5, trueNegative: 0, falseNegative: process.argv[3] === 'c' ? 200 : { column: 'amount' } }, casesPerDay: 5000, capacity: null, prevalence: null, commitment: null, currency: '€' }
const lr = { name: 'lr', model: { kind: 'logistic_regression', c: 1 }, sampling: { kind: 'none' }, weighting: { kind: 'none' }, calibration: { correction: false, calibrator: 'none' } }
const order = { versionId: 1, roles, frame, seed: 1, folds: 5, innerFolds: 4, configurations: [lr, { ...lr, name: 'lr_balanced', weighting: { kind: 'balanced' }, calibration: { correction: true, calibrator: 'auto' } }] }
await call('frame.preview', { versionId: 1, roles, frame })
await call('frame.preview', { versionId: 1, roles, frame })
await call('plan.preview', order)
const { jobId } = await call('run.start', order)
for (;;) { const j = ((await d.call('job.list', {})) as any).result.find((x: any) => x.jobId === jobId); if (j.state !== 'running' && j.state !== 'queued') { console.log(j.state, j.reason); break } await new Promise((r) => setTimeout(r, 100)) }
console.log('blocked in run', Math.round(worst))
const run = { experimentId: 1, name: 'lr' }
const data = await call('threshold.data', { run })
console.log(data.curve.thresholds.length, data.curve.joined)
await call('compare.runs', { runs: [run, { ...run, name: 'lr_balanced' }] })
await call('report.make', { experimentId: 1 })
await d.close()
d = await mk()
await call('threshold.data', { run })
await call('threshold.data', { run })
await d.close()
process.exit(0)
