/** Numbers for made-up tables: the same for a seed, by a linear congruential generator. */
export function draws(seed: number): {
  /** In [0, 1). */
  readonly uniform: () => number
  /** About 0, within 1.5, as good as bell-shaped. */
  readonly bell: () => number
} {
  let state = seed
  const uniform = (): number => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0
    return state / 2 ** 32
  }
  return { uniform, bell: () => uniform() + uniform() + uniform() - 1.5 }
}
