/** The commands that every screen has. Their ids are also those of the host's menus. */
import type { RecentProject } from '#shared/contract/app.ts'
import type { PaletteCommand } from '../../state/commands.svelte.ts'
import { goKey, shownKeys } from '../../state/key-bindings.ts'
import { route } from '../../state/route.svelte.ts'
import type { Session } from '../../state/session.svelte.ts'
import { shell } from '../../state/shell.svelte.ts'
import { steps } from '../../state/steps.ts'
import { modifier } from './modifier.ts'

export function shellCommands(
  session: Session,
  recents: readonly RecentProject[],
  toggleTheme: () => void,
): PaletteCommand[] {
  const { project, drafting, settings } = session
  const withoutProject = project === null ? 'Open a project first' : undefined
  const theme = (value: 'system' | 'light' | 'dark') => (): void => {
    void session.act('settings.change', { theme: value })
  }
  const textSize = (change: number) => (): void => {
    const size = change === 0 ? 100 : Math.min(130, Math.max(90, settings.textSize + change))
    void session.act('settings.change', { textSize: size })
  }
  return [
    ...steps.flatMap(({ items }) =>
      items.map(({ id, label, icon, key }) => ({
        id: `go.${id}`,
        label: `Go to ${label}`,
        icon,
        keys: `${goKey} ${key}`,
        run: () => route.go(id),
        disabledReason: withoutProject,
      })),
    ),
    {
      id: 'edit.undo',
      label: drafting.undoLabel === null ? 'Undo' : `Undo: ${drafting.undoLabel}`,
      icon: 'undo-2',
      keys: shownKeys('edit.undo', modifier),
      run: () => void drafting.undo(),
      disabledReason: drafting.undoLabel === null ? 'Nothing to undo' : undefined,
    },
    {
      id: 'edit.redo',
      label: drafting.redoLabel === null ? 'Redo' : `Redo: ${drafting.redoLabel}`,
      icon: 'redo-2',
      keys: shownKeys('edit.redo', modifier),
      run: () => void drafting.redo(),
      disabledReason: drafting.redoLabel === null ? 'Nothing to redo' : undefined,
    },
    {
      id: 'view.jobs',
      label: shell.jobsOpen ? 'Hide jobs' : 'Show jobs',
      icon: 'activity',
      keys: shownKeys('view.jobs', modifier),
      run: () => {
        shell.jobsOpen = !shell.jobsOpen
      },
    },
    ...(shell.inspector === null
      ? []
      : [
          {
            id: 'view.inspector',
            label: shell.inspectorOpen ? 'Hide inspector' : 'Show inspector',
            icon: 'panel-right' as const,
            run: () => {
              shell.inspectorOpen = !shell.inspectorOpen
            },
          },
        ]),
    {
      id: 'view.settings',
      label: 'Settings',
      icon: 'settings',
      keys: shownKeys('view.settings', modifier),
      run: () => route.go('settings'),
    },
    { id: 'view.theme', label: 'Light or dark colours', icon: 'sun', run: toggleTheme },
    {
      id: 'view.theme.system',
      label: "The system's colours",
      icon: 'monitor',
      run: theme('system'),
    },
    { id: 'view.theme.light', label: 'Light colours', icon: 'sun', run: theme('light') },
    { id: 'view.theme.dark', label: 'Dark colours', icon: 'moon', run: theme('dark') },
    { id: 'view.text.larger', label: 'Larger text', icon: 'type', run: textSize(10) },
    { id: 'view.text.smaller', label: 'Smaller text', icon: 'type', run: textSize(-10) },
    { id: 'view.text.usual', label: 'Text of the usual size', icon: 'type', run: textSize(0) },
    {
      id: 'project.new',
      label: 'New project',
      icon: 'file-plus',
      run: () => route.go('start', { ask: 'new' }),
    },
    {
      id: 'project.open',
      label: 'Open a project',
      icon: 'folder-open',
      run: () => route.go('start', { ask: 'open' }),
    },
    {
      id: 'project.close',
      label: 'Close the project',
      icon: 'x',
      run: () => {
        route.go('start')
        void session.act('project.close', {})
      },
      disabledReason: withoutProject,
    },
    ...recents
      .filter(({ exists, name }) => exists && name !== project?.name)
      .slice(0, 12)
      .map(({ recentId, name, folder }) => ({
        id: `recent.${recentId}`,
        label: `Open ${name}, ${folder}`,
        icon: 'folder-open' as const,
        run: () => {
          void session.act('project.reopen', { recentId }).then((opened) => {
            if (opened !== null) route.go('data')
          })
        },
      })),
  ]
}
