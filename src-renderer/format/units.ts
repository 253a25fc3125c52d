/** The span that amounts of money are stated for. */

const daysPerMonth = 30

export interface MoneySpan {
  /** What an amount per 1,000 cases is multiplied by. */
  readonly factor: number
  readonly unit: 'a month' | 'per 1,000 cases'
}

/** A month of 30 days where the cases per day are known, else 1,000 cases. */
export function moneyPer(casesPerDay: number | null): MoneySpan {
  return casesPerDay === null
    ? { factor: 1, unit: 'per 1,000 cases' }
    : { factor: (casesPerDay * daysPerMonth) / 1000, unit: 'a month' }
}
