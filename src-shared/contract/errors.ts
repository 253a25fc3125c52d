import type { GuardrailFinding } from '../core/guardrails/guardrail-result.ts'

/** Every way in which the workbench says no. Closed: a host decides by code, never by text. */
export type ErrorCode =
  | 'bad_input'
  | 'disk_full'
  | 'project_not_found'
  | 'project_folder_missing'
  | 'not_a_project'
  | 'project_newer'
  | 'project_locked'
  | 'project_read_only'
  | 'project_damaged'
  | 'project_migrations_differ'
  | 'project_migration_failed'
  | 'project_unreachable'
  | 'dataset_not_found'
  | 'experiment_exists'
  | 'experiment_not_found'
  | 'guardrail'
  | 'acknowledgement_needed'
  | 'bad_arguments'
  | 'no_project'
  | 'not_supported'
  | 'disconnected'

/**
 * An error that the user can act on: the message says what is wrong, where, and what to do. Any
 * other error is a fault of the program.
 */
export class UserError extends Error {
  readonly code: ErrorCode
  /** With `guardrail` and `acknowledgement_needed`: what stands against the order. */
  readonly findings: readonly GuardrailFinding[]

  constructor(
    code: ErrorCode,
    message: string,
    options: ErrorOptions & { readonly findings?: readonly GuardrailFinding[] } = {},
  ) {
    super(message, options)
    this.name = 'UserError'
    this.code = code
    this.findings = options.findings ?? []
  }
}

/** What a host shows of an error, once. */
export interface ErrorReport {
  readonly code: ErrorCode | 'fault'
  readonly message: string
  /** What guardrails found; left out of errors of other kinds. */
  readonly findings?: readonly GuardrailFinding[]
}

/** The envelope of an error; a fault keeps its own message. */
export function reportError(error: unknown): ErrorReport {
  if (error instanceof UserError) {
    const { code, message, findings } = error
    return findings.length === 0 ? { code, message } : { code, message, findings }
  }
  return { code: 'fault', message: error instanceof Error ? error.message : String(error) }
}
