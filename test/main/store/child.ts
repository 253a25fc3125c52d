/**
 * What the tests do in a process of its own, because only a process can hold a lock against
 * another, lose its rights, or be killed. Called as `child.ts <work> <file> …`; every step is
 * reported as a line on standard output once it is done.
 */
import { writeSync } from 'node:fs'

import { CHUNK_ROWS } from '#main/store/datasets.ts'
import { ProjectError } from '#main/store/project-error.ts'
import { openProject, type Project } from '#main/store/project.ts'

import { exampleChunk, exampleFoldResult, exampleReview, PLAN } from './examples.ts'

const [work, file, migrationsDir, more] = process.argv.slice(2) as [string, string, string, string?]

function openIt(create = false): Project {
  return openProject(file, { create, migrationsDir, program: 'test child 1.0' })
}

function report(line: string): void {
  writeSync(1, `${line}\n`)
}

const works: Record<string, () => void> = {
  /** Opens the project and keeps it until killed. */
  hold() {
    openIt()
    report('open')
    setInterval(() => undefined, 1000)
  },

  /** Tries to open the project and says how that went; as nobody, where it was run by root. */
  try() {
    attempt(false)
  },
  tryAsNobody() {
    becomeNobody()
    attempt(false)
  },
  createAsNobody() {
    becomeNobody()
    attempt(true)
  },

  /** Imports more rows than it will be given the time for. */
  import() {
    const project = openIt()
    const handle = project.datasets.begin({ name: 'b', sourceName: 'b.csv', options: {} })
    report('begun')
    for (let number = 0; ; number++) {
      handle.appendChunk(exampleChunk(number % 3, CHUNK_ROWS))
      report(`chunk ${number}`)
    }
  },

  /** Saves the results of all folds of experiment 1 in the order of the plan. */
  folds() {
    const project = openIt()
    const job = project.jobs.create('run_experiment', { experimentId: 1 })
    project.jobs.setState(job.id, 'running')
    report('begun')
    for (const { name } of PLAN.configurations) {
      for (let fold = 0; fold < PLAN.folds; fold++) {
        project.experiments.saveFoldResult(1, exampleFoldResult(name, fold), { durationMs: 1 })
        report(`${name} ${fold}`)
      }
    }
    setInterval(() => undefined, 1000)
  },

  /** Reviews rows of a queue for as long as it is let. */
  reviews() {
    const project = openIt()
    const queueId = Number(more)
    report('begun')
    for (let number = 0; ; number++) {
      project.reviews.append([exampleReview(queueId, number)])
      report(`review-${number}`)
    }
  },
}

function becomeNobody(): void {
  if (process.getuid?.() !== 0) return
  process.setgid!(65534)
  process.setuid!(65534)
}

function attempt(create: boolean): void {
  try {
    openIt(create).close()
    report('opened')
  } catch (error) {
    if (!(error instanceof ProjectError)) throw error
    report(error.code)
  }
}

works[work]!()
