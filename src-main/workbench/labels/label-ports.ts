import type { Workbench } from '../workbench.ts'
import type { ReviewPorts } from './records.ts'

/** What work on labels needs of the program, beyond what was reviewed. */
export interface LabelPorts extends ReviewPorts {
  readonly workbench: Workbench
}
