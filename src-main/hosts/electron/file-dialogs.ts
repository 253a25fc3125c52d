/** Dialogs in which a person chooses files: besides the command line, the only source of paths. */
import { dialog } from 'electron'
import type { FileFilter } from 'electron'
import type { Args } from '#shared/contract/commands.ts'

type Purpose = Args<'file.choose'>['purpose']

const projects: FileFilter = { name: 'Steelyard projects', extensions: ['steelyard'] }
const tables: FileFilter = { name: 'Tables', extensions: ['csv', 'tsv', 'txt'] }
const anything: FileFilter = { name: 'All files', extensions: ['*'] }

/** @returns The path, or null where the person changed their mind. */
export async function choosePath(
  window: Electron.BaseWindow,
  purpose: Purpose,
): Promise<string | null> {
  if (purpose === 'new_project') {
    const { canceled, filePath } = await dialog.showSaveDialog(window, {
      title: 'New project',
      buttonLabel: 'Create project',
      defaultPath: 'Untitled.steelyard',
      filters: [projects],
      properties: ['createDirectory', 'showOverwriteConfirmation'],
    })
    if (canceled || filePath === '') return null
    return /\.steelyard$/i.test(filePath) ? filePath : `${filePath}.steelyard`
  }
  const { canceled, filePaths } = await dialog.showOpenDialog(window, {
    title: purpose === 'project' ? 'Open project' : 'Import table',
    buttonLabel: purpose === 'project' ? 'Open project' : 'Choose table',
    filters: [purpose === 'project' ? projects : tables, anything],
    properties: ['openFile'],
  })
  return canceled ? null : (filePaths[0] ?? null)
}
