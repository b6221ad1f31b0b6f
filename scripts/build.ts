/**
 * Bundles the release into dist/, or the folder that is named: everything that `culprit` needs but Node itself, with a manifest of its own
 * (`npm pack ./dist`). The entry is small and loads each command's part only when it runs.
 */
import { build as bundle, type Metafile } from 'esbuild';
import { chmodSync, copyFileSync, existsSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { isBuiltin } from 'node:module';
import { join, relative, resolve } from 'node:path';
import { packageFolders, thirdPartyLicenses } from './build/licenses.ts';

const root = join(import.meta.dirname, '..');
const manifestName = 'package.json';
/** Oldest Node.js that runs the release. Development brings its own, so that the checkout's manifest names none. */
const nodeFloor = '22.18';
const licensesName = 'THIRD-PARTY-LICENSES';

/** For packages in CommonJS that require modules of Node. */
export const requireBanner = "import { createRequire as bundleCreateRequire } from 'node:module';\nconst require = bundleCreateRequire(import.meta.url);";

interface Manifest {
  readonly name: string;
  readonly version: string;
  readonly description: string;
  readonly keywords: readonly string[];
  readonly license: string;
  readonly dependencies: Readonly<Record<string, string>>;
}

/** What npm installs beside the bundle: a library for each kind of machine, and files that are read as they are. Only `culprit serve` needs them. */
export const installedBeside = ['@duckdb/node-api', '@resvg/resvg-wasm', 'dejavu-fonts-ttf'] as const;
/** Asked for by packages that go on without it. */
const mayBeMissing = ['pg-native', 'supports-color'] as const;
const outsideTheBundle: readonly string[] = [...installedBeside, ...mayBeMissing];

/** Everything that is imported at run time must be in the bundle, in Node, or installed beside. */
function checkSelfContained({ outputs }: Metafile): void {
  const outside = Object.values(outputs).flatMap((output) => output.imports.filter((one) => one.external).map((one) => one.path));
  const foreign = [...new Set(outside.filter((path) => !path.startsWith('node:') && !isBuiltin(path) && !outsideTheBundle.includes(path)))];
  if (foreign.length > 0) throw new Error(`not bundled: ${foreign.join(', ')}`);
}

function writeManifest(folder: string): void {
  const { name, version, description, keywords, license, dependencies } = JSON.parse(readFileSync(join(root, manifestName), 'utf8')) as Manifest;
  const manifest = { name, version, description, keywords, license, type: 'module', bin: { culprit: 'main.js' }, engines: { node: `>=${nodeFloor}` }, dependencies: Object.fromEntries(installedBeside.map((one) => [one, dependencies[one]])) };
  writeFileSync(join(folder, manifestName), `${JSON.stringify(manifest, undefined, 2)}\n`);
}

/** Empties the folder, unless it holds something else than an earlier bundle. */
function prepare(folder: string): void {
  const isOurs = ['main.js', licensesName].every((name) => existsSync(join(folder, name)));
  if (!isOurs && existsSync(folder) && readdirSync(folder).length > 0) throw new Error(`${folder} holds something else than a bundle; name another folder.`);
  rmSync(folder, { recursive: true, force: true });
  mkdirSync(folder, { recursive: true });
}

/** Builds into a folder that is new or holds an earlier bundle, and returns what is in the bundle. */
export async function build(folder: string): Promise<Metafile> {
  prepare(folder);
  const { metafile } = await bundle({
    absWorkingDir: root,
    entryPoints: [{ in: 'src/cli/main.ts', out: 'main' }],
    outdir: folder,
    bundle: true,
    splitting: true,
    chunkNames: 'parts/[name]-[hash]',
    format: 'esm',
    platform: 'node',
    target: `node${nodeFloor}`,
    external: [...outsideTheBundle],
    keepNames: true,
    banner: { js: requireBanner },
    legalComments: 'none',
    metafile: true,
    logLevel: 'warning',
  });
  checkSelfContained(metafile);
  chmodSync(join(folder, 'main.js'), 0o755);
  writeManifest(folder);
  for (const file of ['LICENSE', 'README.md', 'CHANGELOG.md']) if (existsSync(join(root, file))) copyFileSync(join(root, file), join(folder, file));
  const inputs = Object.values(metafile.outputs).flatMap((output) => Object.entries(output.inputs).filter(([, input]) => input.bytesInOutput > 0).map(([path]) => path));
  writeFileSync(join(folder, licensesName), thirdPartyLicenses(root, packageFolders(inputs)));
  return metafile;
}

if (import.meta.main) {
  const folder = resolve(process.argv[2] ?? join(root, 'dist'));
  const { outputs } = await build(folder);
  const files = Object.entries(outputs).map(([path, { bytes }]) => `${path.padEnd(44)} ${(bytes / 1_000).toFixed(1).padStart(8)} kB`);
  console.log(`${files.sort().join('\n')}\nBuilt into ${relative(process.cwd(), folder) || '.'}.`);
}
