/** The icons of the page, by the names that Lucide gives them. */
import type { Component } from 'svelte'
import type { LucideProps } from '@lucide/svelte'
import Activity from '@lucide/svelte/icons/activity'
import ArrowDown from '@lucide/svelte/icons/arrow-down'
import ArrowLeft from '@lucide/svelte/icons/arrow-left'
import ArrowRight from '@lucide/svelte/icons/arrow-right'
import ArrowUp from '@lucide/svelte/icons/arrow-up'
import ArrowUpDown from '@lucide/svelte/icons/arrow-up-down'
import Ban from '@lucide/svelte/icons/ban'
import ChartColumn from '@lucide/svelte/icons/chart-column'
import ChartLine from '@lucide/svelte/icons/chart-line'
import Check from '@lucide/svelte/icons/check'
import ChevronDown from '@lucide/svelte/icons/chevron-down'
import ChevronLeft from '@lucide/svelte/icons/chevron-left'
import ChevronRight from '@lucide/svelte/icons/chevron-right'
import ChevronUp from '@lucide/svelte/icons/chevron-up'
import CircleAlert from '@lucide/svelte/icons/circle-alert'
import CircleCheck from '@lucide/svelte/icons/circle-check'
import CircleHelp from '@lucide/svelte/icons/circle-question-mark'
import Clock from '@lucide/svelte/icons/clock'
import Command from '@lucide/svelte/icons/command'
import Copy from '@lucide/svelte/icons/copy'
import Cpu from '@lucide/svelte/icons/cpu'
import CreditCard from '@lucide/svelte/icons/credit-card'
import Database from '@lucide/svelte/icons/database'
import Download from '@lucide/svelte/icons/download'
import Ellipsis from '@lucide/svelte/icons/ellipsis'
import FileCheck from '@lucide/svelte/icons/file-check'
import FilePlus from '@lucide/svelte/icons/file-plus'
import FileSpreadsheet from '@lucide/svelte/icons/file-spreadsheet'
import FileText from '@lucide/svelte/icons/file-text'
import Flag from '@lucide/svelte/icons/flag'
import FolderOpen from '@lucide/svelte/icons/folder-open'
import GitCompareArrows from '@lucide/svelte/icons/git-compare-arrows'
import HardDrive from '@lucide/svelte/icons/hard-drive'
import History from '@lucide/svelte/icons/rotate-ccw-clock'
import Info from '@lucide/svelte/icons/info'
import Layers from '@lucide/svelte/icons/layers'
import ListFilter from '@lucide/svelte/icons/list-filter'
import Lock from '@lucide/svelte/icons/lock'
import LockOpen from '@lucide/svelte/icons/lock-open'
import Minus from '@lucide/svelte/icons/minus'
import Monitor from '@lucide/svelte/icons/monitor'
import Moon from '@lucide/svelte/icons/moon'
import PanelRight from '@lucide/svelte/icons/panel-right'
import Pause from '@lucide/svelte/icons/pause'
import Pin from '@lucide/svelte/icons/pin'
import Play from '@lucide/svelte/icons/play'
import Plus from '@lucide/svelte/icons/plus'
import Printer from '@lucide/svelte/icons/printer'
import Redo2 from '@lucide/svelte/icons/redo-2'
import RotateCcw from '@lucide/svelte/icons/rotate-ccw'
import Save from '@lucide/svelte/icons/save'
import Scale from '@lucide/svelte/icons/scale'
import Search from '@lucide/svelte/icons/search'
import Settings from '@lucide/svelte/icons/settings'
import ShieldCheck from '@lucide/svelte/icons/shield-check'
import SlidersHorizontal from '@lucide/svelte/icons/sliders-horizontal'
import Stethoscope from '@lucide/svelte/icons/stethoscope'
import Sun from '@lucide/svelte/icons/sun'
import Table from '@lucide/svelte/icons/table'
import Tags from '@lucide/svelte/icons/tags'
import Target from '@lucide/svelte/icons/target'
import TriangleAlert from '@lucide/svelte/icons/triangle-alert'
import Type from '@lucide/svelte/icons/type'
import Undo2 from '@lucide/svelte/icons/undo-2'
import Users from '@lucide/svelte/icons/users'
import X from '@lucide/svelte/icons/x'

export const icons = {
  activity: Activity,
  'arrow-down': ArrowDown,
  'arrow-left': ArrowLeft,
  'arrow-right': ArrowRight,
  'arrow-up': ArrowUp,
  'arrow-up-down': ArrowUpDown,
  ban: Ban,
  'chart-column': ChartColumn,
  'chart-line': ChartLine,
  check: Check,
  'chevron-down': ChevronDown,
  'chevron-left': ChevronLeft,
  'chevron-right': ChevronRight,
  'chevron-up': ChevronUp,
  'circle-alert': CircleAlert,
  'circle-check': CircleCheck,
  'circle-help': CircleHelp,
  clock: Clock,
  command: Command,
  copy: Copy,
  cpu: Cpu,
  'credit-card': CreditCard,
  database: Database,
  download: Download,
  ellipsis: Ellipsis,
  'file-check': FileCheck,
  'file-plus': FilePlus,
  'file-spreadsheet': FileSpreadsheet,
  'file-text': FileText,
  flag: Flag,
  'folder-open': FolderOpen,
  'git-compare-arrows': GitCompareArrows,
  'hard-drive': HardDrive,
  history: History,
  info: Info,
  layers: Layers,
  'list-filter': ListFilter,
  lock: Lock,
  'lock-open': LockOpen,
  minus: Minus,
  monitor: Monitor,
  moon: Moon,
  'panel-right': PanelRight,
  pause: Pause,
  pin: Pin,
  play: Play,
  plus: Plus,
  printer: Printer,
  'redo-2': Redo2,
  'rotate-ccw': RotateCcw,
  save: Save,
  scale: Scale,
  search: Search,
  settings: Settings,
  'shield-check': ShieldCheck,
  'sliders-horizontal': SlidersHorizontal,
  stethoscope: Stethoscope,
  sun: Sun,
  table: Table,
  tags: Tags,
  target: Target,
  'triangle-alert': TriangleAlert,
  type: Type,
  'undo-2': Undo2,
  users: Users,
  x: X,
} as const satisfies Readonly<Record<string, Component<LucideProps>>>

export type IconName = keyof typeof icons
