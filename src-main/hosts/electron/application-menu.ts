/** The menu bar. It asks the page for commands of its palette, by their ids. */
import { app, Menu } from 'electron'
import type { MenuItemConstructorOptions } from 'electron'
import type { RecentProject, Settings } from '#shared/contract/app.ts'

export interface MenuFacts {
  readonly recents: readonly RecentProject[]
  readonly theme: Settings['theme']
  readonly hasProject: boolean
}

interface MenuActions {
  /** Asks the page for a command of its palette. */
  readonly choose: (command: string) => void
  readonly reopenProject: (recentId: string) => void
}

const mostRecents = 10

const themes = { system: 'As the system', light: 'Light', dark: 'Dark' } as const

export function showMenu(facts: MenuFacts, actions: MenuActions): void {
  Menu.setApplicationMenu(Menu.buildFromTemplate(menuTemplate(facts, actions)))
}

function menuTemplate(
  { recents, theme, hasProject }: MenuFacts,
  { choose, reopenProject }: MenuActions,
): MenuItemConstructorOptions[] {
  const isMac = process.platform === 'darwin'
  const known = recents.filter(({ exists }) => exists).slice(0, mostRecents)
  const separator: MenuItemConstructorOptions = { type: 'separator' }
  const item = (label: string, command: string, accelerator?: string) => ({
    label,
    ...(accelerator === undefined ? {} : { accelerator }),
    click: () => {
      choose(command)
    },
  })
  /** The page listens to these keys itself; the menu only shows them. */
  const itemOfPage = (label: string, command: string, accelerator: string) => ({
    ...item(label, command, accelerator),
    registerAccelerator: false,
  })

  const file: MenuItemConstructorOptions = {
    label: 'File',
    submenu: [
      item('New project…', 'project.new', 'CmdOrCtrl+N'),
      item('Open project…', 'project.open', 'CmdOrCtrl+O'),
      {
        label: 'Open recent',
        enabled: known.length > 0,
        submenu: known.map(({ recentId, name, folder }) => ({
          label: name,
          sublabel: folder,
          click: () => {
            reopenProject(recentId)
          },
        })),
      },
      separator,
      { ...item('Close project', 'project.close'), enabled: hasProject },
      separator,
      itemOfPage('Settings', 'view.settings', 'CmdOrCtrl+,'),
      separator,
      isMac ? { role: 'close' } : { role: 'quit' },
    ],
  }
  const view: MenuItemConstructorOptions = {
    label: 'View',
    submenu: [
      itemOfPage('Jobs', 'view.jobs', 'CmdOrCtrl+J'),
      item('Inspector', 'view.inspector'),
      separator,
      {
        label: 'Theme',
        submenu: (['system', 'light', 'dark'] as const).map((name) => ({
          ...item(themes[name], `view.theme.${name}`),
          type: 'radio',
          checked: theme === name,
        })),
      },
      item('Larger text', 'view.text.larger', 'CmdOrCtrl+Plus'),
      item('Smaller text', 'view.text.smaller', 'CmdOrCtrl+-'),
      item('Text of the usual size', 'view.text.usual', 'CmdOrCtrl+0'),
      separator,
      { role: 'togglefullscreen' },
      ...(app.isPackaged
        ? []
        : [separator, { role: 'reload' } as const, { role: 'toggleDevTools' } as const]),
    ],
  }
  return [
    ...(isMac ? [{ role: 'appMenu' } as const] : []),
    file,
    { role: 'editMenu' },
    view,
    ...(isMac ? [{ role: 'windowMenu' } as const] : []),
    { role: 'help', submenu: [item('Keyboard shortcuts', 'view.settings'), { role: 'about' }] },
  ]
}
