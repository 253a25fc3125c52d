/**
 * What `npm run package` makes of the built app, for the platform that it runs on (signing needs
 * that anyway). A program rather than YAML, because patterns know no platform.
 */
import { readFileSync } from 'node:fs'

const { platform, arch } = process
const packageFile = /** @type {unknown} */ (
  JSON.parse(readFileSync(new URL('./package.json', import.meta.url), 'utf8'))
)
const { dependencies, optionalDependencies } =
  /** @type {Readonly<Record<'dependencies' | 'optionalDependencies', Readonly<Record<string, string>>>>} */ (
    packageFile
  )

/** Native, so it can't be in the bundle as everything else is. */
const unbundled = ['better-sqlite3']
/** What dependencies bring along. */
const transitive = ['binaryen', 'long', 'node-addon-api', 'tslib', 'zrender']
const bundled = [...Object.keys({ ...dependencies, ...optionalDependencies }), ...transitive]
  .filter((name) => !unbundled.includes(name))
  .map((name) => `!**/node_modules/${name}/**`)

/** A folder to use in place of Electron, to see the archive where its binary isn't. */
const standIn = process.env['STEELYARD_ELECTRON_STAND_IN']

/** @type {import('electron-builder').Configuration} */
export default {
  appId: 'org.steelyard.workbench',
  productName: 'Steelyard',
  extraMetadata: { main: 'out/main/index.js' },
  directories: { output: 'release', buildResources: 'build' },
  files: [
    'out/**',
    '!out/**/*.map',
    'package.json',
    ...bundled,
    '!**/node_modules/better-sqlite3/{deps,src,binding.gyp}',
    `!**/node_modules/better-sqlite3/prebuilds/!(${platform}-${arch}).node`,
    '!**/node_modules/**/*.{map,d.ts,md}',
  ],
  asar: true,
  // The loader of the system needs a real file.
  asarUnpack: ['**/node_modules/better-sqlite3/prebuilds/**'],
  // Node-API with prebuilt binaries: there is nothing to rebuild for Electron.
  npmRebuild: false,
  electronLanguages: ['en-US'],
  electronFuses:
    standIn === undefined
      ? {
          runAsNode: false,
          enableCookieEncryption: true,
          enableNodeOptionsEnvironmentVariable: false,
          enableNodeCliInspectArguments: false,
          enableEmbeddedAsarIntegrityValidation: true,
          onlyLoadAppFromAsar: true,
          loadBrowserProcessSpecificV8Snapshot: false,
          grantFileProtocolExtraPrivileges: false,
        }
      : undefined,
  fileAssociations: [
    {
      ext: 'steelyard',
      name: 'Steelyard project',
      description: 'Steelyard project',
      mimeType: 'application/x-steelyard',
      role: 'Editor',
    },
  ],
  linux: {
    target: ['AppImage', 'deb'],
    category: 'Science',
    maintainer: 'Steelyard',
    synopsis: 'The offline workbench for class imbalance',
  },
  mac: { target: ['dmg', 'zip'], category: 'public.app-category.business', hardenedRuntime: true },
  win: { target: ['nsis'] },
  nsis: { oneClick: false, perMachine: false, allowToChangeInstallationDirectory: true },
  // Nothing looks for updates: the app opens no connection.
  publish: null,
  ...(standIn === undefined ? {} : { electronDist: standIn }),
}
