/** Answers that took long, kept for as long as their project is open. */
import type { OpenedProject } from '../desk/context.ts'

const mostKept = 8

const kept = new WeakMap<OpenedProject, Map<string, Promise<unknown>>>()

/**
 * The answer to a question of a project: computed once, and again only after it failed or many
 * others were asked. What it is computed from must not change: predictions of a run that is
 * complete don't.
 */
export function answered<T>(
  project: OpenedProject,
  question: readonly unknown[],
  compute: () => Promise<T>,
): Promise<T> {
  const answers = kept.get(project) ?? new Map<string, Promise<unknown>>()
  kept.set(project, answers)
  const key = JSON.stringify(question)
  const known = answers.get(key) as Promise<T> | undefined
  answers.delete(key)
  const answer = known ?? compute()
  answers.set(key, answer)
  answer.catch(() => {
    if (answers.get(key) === answer) answers.delete(key)
  })
  for (const oldest of answers.keys()) {
    if (answers.size <= mostKept) break
    answers.delete(oldest)
  }
  return answer
}
