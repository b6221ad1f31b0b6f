import { randomBytes } from 'node:crypto';
import { access, chmod, mkdir, readdir, rename, rm } from 'node:fs/promises';
import { join } from 'node:path';
import type { Case } from '../define/case.ts';
import { UserError } from '../define/errors.ts';
import type { AnyProbe } from '../define/probe.ts';
import type { Target } from '../define/target.ts';
import { loadCase, saveCase } from './case-file.ts';
import { userDataFolder } from './user-data-folder.ts';

type Host = Exclude<Target, { kind: 'case' }>;

/** A stored baseline, as a list shows it. */
export interface StoredBaseline {
  /** The host as it is named to ssh, without the user; or this machine. */
  readonly host: string;
  readonly path: string;
  /** Missing where the file cannot be understood. */
  readonly takenAt?: string;
}

const ending = '.tgz';
/** A plus sign is in no name of a host. */
const ofThisMachine = '+this-machine';

/** The folder of baselines. */
export function baselineFolder(environment: Readonly<Record<string, string | undefined>>, home: string): string {
  return join(userDataFolder(environment, home), 'culprit', 'baselines');
}

/** Who logs in does not matter, the port does: behind one address there may be several hosts. */
function hostOf(target: Host): string {
  if (target.kind === 'local') return 'this machine';
  const destination = target.destination.replace(/^ssh:\/\//, '').replace(/\/$/, '');
  return destination.slice(destination.lastIndexOf('@') + 1).toLowerCase();
}

function pathOf(folder: string, target: Host): string {
  return join(folder, `${target.kind === 'local' ? ofThisMachine : encodeURIComponent(hostOf(target))}${ending}`);
}

/** Keeps a case as the baseline of its host, in place of the last one. Only the user may read it. Returns its path. */
export async function storeBaseline(folder: string, target: Host, aCase: Case, report: unknown): Promise<string> {
  const path = pathOf(folder, target);
  const unfinished = join(folder, `.${randomBytes(8).toString('hex')}${ending}`);
  try {
    await mkdir(folder, { recursive: true, mode: 0o700 });
    await chmod(folder, 0o700);
    await saveCase(aCase, unfinished, report);
    await rename(unfinished, path);
  } catch (error) {
    await rm(unfinished, { force: true }).catch(() => undefined);
    if (error instanceof UserError) throw error;
    throw new UserError('file-not-writable', `The baseline cannot be kept in ${folder}: ${error instanceof Error ? error.message : 'unknown'}.`, 'Name another folder with XDG_DATA_HOME.');
  }
  return path;
}

/** The baseline of a host, if there is one. Throws a UserError where it is there, but cannot be understood. */
export async function loadBaseline(folder: string, target: Host, probes: readonly AnyProbe[]): Promise<Case | undefined> {
  const path = pathOf(folder, target);
  return (await isThere(path)) ? loadCase(path, probes) : undefined;
}

/** All that are kept, by the names of their hosts. */
export async function listBaselines(folder: string): Promise<StoredBaseline[]> {
  const names = (await readdir(folder).catch(() => [])).filter((name) => name.endsWith(ending) && !name.startsWith('.'));
  const stored = await Promise.all(
    names.map(async (name) => {
      const path = join(folder, name);
      const takenAt = await loadCase(path, []).then(({ startedAt }) => startedAt, () => undefined);
      return { host: nameOf(name.slice(0, -ending.length)), path, ...(takenAt !== undefined && { takenAt }) };
    }),
  );
  return stored.sort((one, other) => one.host.localeCompare(other.host, 'en'));
}

function nameOf(encoded: string): string {
  if (encoded === ofThisMachine) return 'this machine';
  try {
    return decodeURIComponent(encoded);
  } catch {
    return encoded;
  }
}

/** Removes the baseline of a host; says by its error that there is none. */
export async function removeBaseline(folder: string, target: Host): Promise<string> {
  const path = pathOf(folder, target);
  if (!(await isThere(path))) throw new UserError('baseline-not-found', `There is no baseline of ${hostOf(target)}.`, 'culprit baseline --list shows those that are kept.');
  await rm(path);
  return path;
}

async function isThere(path: string): Promise<boolean> {
  return access(path).then(() => true, () => false);
}
