/** What is worth saying about a file before it is imported, and what can be done about it. */
import type { ImportPreview, PreviewColumn } from '#shared/contract/data.ts'
import { count, percent } from '../../format/numbers.ts'
import { isolate } from './isolate.ts'
import { holderOf, roleLabel, roleOf } from './roles.ts'
import type { ColumnRole, RoleChoices } from './roles.ts'

/** A change that one press makes. */
export type Fix =
  | { readonly kind: 'role'; readonly columns: readonly string[]; readonly role: ColumnRole }
  | { readonly kind: 'read_as'; readonly column: string; readonly as: 'numeric' | 'categorical' }
  | { readonly kind: 'missing'; readonly texts: readonly string[] }
  | { readonly kind: 'ragged'; readonly treatment: 'skip' | 'pad' }

export interface Finding {
  readonly id: string
  /** `stop`: has to be settled before the file can be saved. */
  readonly tone: 'ok' | 'info' | 'warn' | 'stop'
  readonly title: string
  readonly text: string
  readonly fixes: readonly { readonly label: string; readonly fix: Fix }[]
}

export interface ImportChoices {
  readonly roles: RoleChoices
  readonly positive: string | null
  /** Whether the treatment of ragged rows was chosen rather than assumed. */
  readonly raggedChosen: 'skip' | 'pad' | null
}

/** Estimates on fewer than this are too wide to choose a threshold by. */
const fewPositives = 50
const fewestPositives = 10

/** More texts than that in a feature rarely come again. */
const manyTexts = 1_000

/** Names shown of a list of columns. */
const shownNames = 5

/** What stands in the way first, what is fine last. */
export function findingsOf(preview: ImportPreview, choices: ImportChoices): Finding[] {
  const found = [
    ...aboutTarget(preview, choices),
    ...aboutRagged(preview, choices),
    ...preview.columns.flatMap((column) => aboutContradictions(preview, column)),
    ...aboutRepeats(preview),
    ...aboutUseless(preview, choices),
    ...aboutSuggestions(preview, choices),
    ...aboutMissing(preview, choices),
    ...otherNotes(preview),
  ]
  const order = ['stop', 'warn', 'info', 'ok']
  return found.sort((a, b) => order.indexOf(a.tone) - order.indexOf(b.tone))
}

/** How the classes divide by what is chosen; null while that isn't known. */
export function classCounts(
  preview: ImportPreview,
  { roles, positive }: Pick<ImportChoices, 'roles' | 'positive'>,
): { readonly positives: number; readonly negatives: number } | null {
  const target = targetOf(preview, roles)
  if (target === null || positive === null) return null
  const positives = target.values.find(({ text }) => text === positive)?.count
  if (positives === undefined) return null
  return { positives, negatives: preview.nRows - target.missing - positives }
}

export function targetOf(preview: ImportPreview, roles: RoleChoices): PreviewColumn | null {
  const name = holderOf(roles, 'target')
  return preview.columns.find((column) => column.name === name) ?? null
}

function aboutTarget(preview: ImportPreview, choices: ImportChoices): Finding[] {
  const target = targetOf(preview, choices.roles)
  if (target === null) {
    return [
      {
        id: 'target',
        tone: 'stop',
        title: 'No target yet',
        text: 'Choose the column to predict, under Types and roles.',
        fixes: [],
      },
    ]
  }
  const found: Finding[] = []
  if (target.missing > 0) {
    found.push({
      id: 'target-missing',
      tone: 'warn',
      title: `${shortName(target.name)} has no value in ${rows(target.missing)}`,
      text: 'Models need to know how each case ended: nothing can be run until these rows are labelled or removed in the file.',
      fixes: [],
    })
  }
  const counts = classCounts(preview, choices)
  if (choices.positive === null) {
    found.push({
      id: 'positive',
      tone: 'stop',
      title: 'No positive class yet',
      text: `Choose which value of ${shortName(target.name)} you look for, under Types and roles.`,
      fixes: [],
    })
  } else if (counts !== null && counts.negatives === 0) {
    found.push({
      id: 'one-class',
      tone: 'stop',
      title: 'There is one class only',
      text: `Every row has the value ${quote(choices.positive)} in ${shortName(target.name)}. Both classes are needed.`,
      fixes: [],
    })
  } else if (counts !== null && counts.positives < fewPositives) {
    const isHopeless = counts.positives < fewestPositives
    found.push({
      id: 'few',
      tone: 'warn',
      title: `Only ${count(counts.positives)} positive ${counts.positives === 1 ? 'case' : 'cases'}`,
      text: isHopeless
        ? 'Cross-validation needs some in every fold; with so few most estimates will say nothing. Collect more cases first.'
        : 'Every estimate will have a wide interval, and differences between runs will rarely be clear.',
      fixes: [],
    })
  }
  if (counts !== null && counts.negatives > 0) {
    const prevalence = counts.positives / (counts.positives + counts.negatives)
    found.push({
      id: 'prevalence',
      tone: 'info',
      title: `Prevalence in this file: ${percent(prevalence, prevalence < 0.01 ? 2 : 1)}`,
      text: 'If the file was sampled and the cases to decide on are mixed otherwise, state the prevalence in use under Frame.',
      fixes: [],
    })
  }
  return found
}

function aboutRagged(preview: ImportPreview, { raggedChosen }: ImportChoices): Finding[] {
  const { raggedRows, firstRaggedRow } = preview
  if (raggedRows === 0) {
    return [
      {
        id: 'ragged',
        tone: 'ok',
        title: `All ${count(preview.nRows)} rows were read`,
        text: `Each has as many cells as the header, ${count(preview.columns.length)}.`,
        fixes: [],
      },
    ]
  }
  const first = firstRaggedRow === null ? '' : ` The first is row ${count(firstRaggedRow)}.`
  return [
    {
      id: 'ragged',
      tone: raggedChosen === null ? 'stop' : 'warn',
      title: `${rows(raggedRows)} ${raggedRows === 1 ? 'has' : 'have'} more or fewer cells than the header`,
      text:
        raggedChosen === null
          ? `A delimiter in a text without quotes does this.${first} Correct the file, or say what becomes of such rows.`
          : raggedChosen === 'skip'
            ? `They are left out.${first}`
            : `They are kept: cells they lack are missing, surplus cells are dropped.${first}`,
      fixes: [
        ...(raggedChosen === 'skip'
          ? []
          : [{ label: 'Leave them out', fix: { kind: 'ragged', treatment: 'skip' } as const }]),
        ...(raggedChosen === 'pad'
          ? []
          : [
              {
                label: 'Keep them, fill with missing',
                fix: { kind: 'ragged', treatment: 'pad' } as const,
              },
            ]),
      ],
    },
  ]
}

/**
 * Reads the texts in a column of numbers as missing values; null where not all of them are known,
 * so that others would still stand in the way.
 */
export function missingFix(column: PreviewColumn | undefined): Finding['fixes'][number] | null {
  if (column === undefined || column.contradictions.count === 0) return null
  const { count: nTexts, rows: examples } = column.contradictions
  const texts = [...new Set(examples.map(({ text }) => text))]
  if (texts.length === 0 || (nTexts > examples.length && texts.length > 1)) return null
  return {
    label: texts.length === 1 ? `Read ${quote(texts[0]!)} as missing` : 'Read them as missing',
    fix: { kind: 'missing', texts },
  }
}

/** Texts in a column that is mostly numbers. */
function aboutContradictions(preview: ImportPreview, column: PreviewColumn): Finding[] {
  const nTexts = column.contradictions.count
  if (nTexts === 0) return []
  const nValues = preview.nRows - column.missing
  const fixes: Finding['fixes'][number][] = []
  if (column.kind === 'categorical') {
    const fix = missingFix(column)
    if (fix !== null) fixes.push(fix)
  } else {
    fixes.push({
      label: 'Read the column as text',
      fix: { kind: 'read_as', column: column.name, as: 'categorical' },
    })
  }
  return [
    {
      id: `contradiction-${column.name}`,
      tone: 'warn',
      title: `${shortName(column.name)} is read as ${column.kind === 'categorical' ? 'text' : 'numbers'}`,
      text: `${count(nTexts)} of ${count(nValues)} values ${nTexts === 1 ? 'is' : 'are'} not a number: ${whereTexts(column)}.`,
      fixes,
    },
  ]
}

/** "unknown" in row 42, "n.k." in rows 502 and 902. */
function whereTexts({ contradictions }: PreviewColumn): string {
  const places = new Map<string, string[]>()
  for (const { row, text } of contradictions.rows) {
    places.set(text, [...(places.get(text) ?? []), count(row)])
  }
  const listed = [...places].map(
    ([text, at]) => `${quote(text)} in ${at.length === 1 ? 'row' : 'rows'} ${at.join(', ')}`,
  )
  const isAll = contradictions.count <= contradictions.rows.length
  return listed.join('; ') + (isAll ? '' : ' and more')
}

function aboutRepeats(preview: ImportPreview): Finding[] {
  const { repeatedRows } = preview
  if (repeatedRows === 0) return []
  return [
    {
      id: 'repeats',
      tone: 'warn',
      title: `${rows(repeatedRows)} ${repeatedRows === 1 ? 'repeats' : 'repeat'} another row`,
      text: 'If they are copies of one case, a model could be judged on what it has learnt by heart. Remove them from the file, or give the column that names the case the role Group.',
      fixes: [],
    },
  ]
}

/** Features from which nothing can be learnt. */
function aboutUseless(preview: ImportPreview, { roles }: ImportChoices): Finding[] {
  const features = preview.columns.filter(({ name }) => roleOf(roles, name) === 'feature')
  const found: Finding[] = []
  const leaveOut = (id: string, columns: readonly PreviewColumn[], title: string, text: string) => {
    if (columns.length === 0) return
    const names = columns.map(({ name }) => name)
    found.push({
      id,
      tone: 'info',
      title,
      text,
      fixes: [
        {
          label: columns.length === 1 ? 'Leave it out' : `Leave out ${count(columns.length)}`,
          fix: { kind: 'role', columns: names, role: 'ignore' },
        },
      ],
    })
  }
  const constant = features.filter(
    ({ distinct, missing }) => missing === preview.nRows || (distinct === 1 && missing === 0),
  )
  leaveOut(
    'constant',
    constant,
    constant.length === 1
      ? `${shortName(constant[0]!.name)} always holds the same`
      : `${count(constant.length)} columns always hold the same`,
    `Nothing can be learnt from ${constant.length === 1 ? 'it' : `them: ${listed(constant)}`}.`,
  )
  const unique = features.filter(
    ({ kind, allDistinct }) => kind === 'categorical' && allDistinct && preview.nRows > 1,
  )
  if (unique.length > 0) {
    const [only] = unique
    found.push({
      id: 'distinct',
      tone: 'info',
      title:
        unique.length === 1
          ? `${shortName(only!.name)} holds a different text in every row`
          : `${count(unique.length)} columns hold a different text in every row`,
      text: `Models leave ${unique.length === 1 ? 'it' : `them (${listed(unique)})`} out.`,
      fixes:
        unique.length === 1 && holderOf(roles, 'id') === null
          ? [
              {
                label: 'Make it the identifier',
                fix: { kind: 'role', columns: [only!.name], role: 'id' },
              },
            ]
          : [],
    })
  }
  const wide = features.filter(
    (column) =>
      column.kind === 'categorical' &&
      !column.allDistinct &&
      (column.distinct === null || column.distinct > manyTexts),
  )
  leaveOut(
    'wide',
    wide,
    wide.length === 1
      ? `${shortName(wide[0]!.name)} has ${wide[0]!.distinct === null ? 'very many' : count(wide[0]!.distinct)} different texts`
      : `${count(wide.length)} columns have very many different texts`,
    `Most are too rare to learn from${wide.length === 1 ? '' : `: ${listed(wide)}`}. If the same customer or machine comes again, the role Group keeps its cases together.`,
  )
  return found
}

/** Roles that the names and values suggested and that are in use. */
function aboutSuggestions(preview: ImportPreview, { roles }: ImportChoices): Finding[] {
  return preview.columns.flatMap((column): Finding[] => {
    const { suggestedRole: role, suggestionReason, name } = column
    if (role === null || role === 'target' || suggestionReason === null) return []
    if (roleOf(roles, name) !== role) return []
    return [
      {
        id: `suggestion-${name}`,
        tone: 'info',
        title: `${shortName(name)} has the role ${roleLabel(role)}`,
        text: `${suggestionReason.replace(/\.$/, '')}.`,
        fixes: [
          {
            label: 'Make it a feature',
            fix: { kind: 'role', columns: [name], role: 'feature' },
          },
        ],
      },
    ]
  })
}

function aboutMissing(preview: ImportPreview, { roles }: ImportChoices): Finding[] {
  const target = holderOf(roles, 'target')
  const holes = preview.columns.filter(({ name, missing }) => missing > 0 && name !== target)
  if (holes.length === 0) {
    return [
      {
        id: 'missing',
        tone: 'ok',
        title: 'No missing values',
        text: 'Every cell is filled.',
        fixes: [],
      },
    ]
  }
  const worst = holes.reduce((a, b) => (b.missing > a.missing ? b : a))
  return [
    {
      id: 'missing',
      tone: 'info',
      title: `${holes.length === 1 ? 'One column has' : `${count(holes.length)} columns have`} missing values`,
      text: `${holes.length === 1 ? '' : 'Most '}in ${shortName(worst.name)}: ${count(worst.missing)} of ${count(preview.nRows)}.`.replace(
        /^in/,
        'In',
      ),
      fixes: [],
    },
  ]
}

/** What the reader says, less what stands above in other words. */
function otherNotes(preview: ImportPreview): Finding[] {
  const said = preview.columns
    .filter(({ contradictions }) => contradictions.count > 0)
    .map(({ name }) => `Column "${name}" is read as text`)
  return preview.notes
    .filter((note) => !said.some((start) => note.startsWith(start)))
    .filter((note) => !/^[\d,]+ rows? ha(s|ve) another number of cells/.test(note))
    .map((note, i) => ({
      id: `note-${i}`,
      tone: 'info',
      title: 'Read with care',
      text: note,
      fixes: [],
    }))
}

function listed(columns: readonly PreviewColumn[]): string {
  const names = columns.slice(0, shownNames).map(({ name }) => shortName(name))
  const more = columns.length - names.length
  return names.join(', ') + (more > 0 ? ` and ${count(more)} more` : '')
}

function rows(number: number): string {
  return number === 1 ? '1 row' : `${count(number)} rows`
}

function shortName(name: string): string {
  return isolate(name.length > 40 ? `${name.slice(0, 39)}…` : name)
}

function quote(text: string): string {
  return isolate(`"${text.length > 24 ? `${text.slice(0, 23)}…` : text}"`)
}
