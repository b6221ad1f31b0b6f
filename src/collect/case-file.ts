import { lstat, mkdir, open, readdir, rm, writeFile } from 'node:fs/promises';
import { constants } from 'node:fs';
import { join } from 'node:path';
import { caseIndexSchema, type Case, type CaseIndex, type ProbeOutput } from '../define/case.ts';
import { UserError } from '../define/errors.ts';
import type { AnyProbe } from '../define/probe.ts';
import { maxArchiveBytes, maxFiles, packArchive, unpackArchive } from './archive.ts';
import { FrameParser, maxRunBytes, withLost } from './frames.ts';

const indexName = 'case.json';
const outputName = /^outputs\/[a-z][a-z0-9-]{0,79}\.[12]\.txt$/;
const notPart = 'not part of this case';

/**
 * Saves a case: as a `.tgz` where the path ends so, else as a folder with `case.json`, a text for each output under `outputs/`,
 * and `report.json` where there is a report. Only the user may read it.
 */
export async function saveCase(aCase: Case, path: string, report?: unknown): Promise<void> {
  const files = filesOf(aCase, report);
  try {
    if (/\.(?:tgz|tar\.gz)$/.test(path)) {
      await writeFile(path, packArchive(files), { mode: 0o600 });
      return;
    }
    await mkdir(path, { recursive: true, mode: 0o700 });
    await rm(join(path, 'outputs'), { recursive: true, force: true });
    await mkdir(join(path, 'outputs'), { mode: 0o700 });
    for (const [name, text] of files) await writeFile(join(path, name), text, { mode: 0o600 });
  } catch (error) {
    throw new UserError('file-not-writable', `The case cannot be saved to ${path}: ${reasonOf(error)}.`, 'Name a file or folder that you may write.');
  }
}

function filesOf(aCase: Case, report: unknown): Map<string, string> {
  const outputs = aCase.outputs.map(({ stdout, ...output }) => ({ output: { ...output, file: `outputs/${output.probe}.${output.sample}.txt` }, stdout }));
  const index: CaseIndex = { ...aCase, givenSymptoms: [...aCase.givenSymptoms], outputs: outputs.map(({ output }) => output) };
  const files = new Map([[indexName, `${JSON.stringify(index, null, 2)}\n`]]);
  if (report !== undefined) files.set('report.json', `${JSON.stringify(report, null, 2)}\n`);
  for (const { output, stdout } of outputs) if (stdout !== '') files.set(output.file, stdout);
  return files;
}

/**
 * Loads a saved case: a folder, a `.tgz`, or the stream of a run of the collector script (`culprit collector | ssh root@pve sh > host.case`).
 * Answers that today's probes would bring and the case has not are given as lost.
 */
export async function loadCase(path: string, probes: readonly AnyProbe[]): Promise<Case> {
  const files = await readFiles(path);
  if (files instanceof Map) return fromFiles(files, path, probes);
  return fromStream(files.bytes, files.modifiedAt, path, probes);
}

type Stream = { readonly bytes: Buffer; readonly modifiedAt: Date };

async function readFiles(path: string): Promise<Map<string, Buffer> | Stream> {
  try {
    if ((await lstat(path)).isDirectory()) return await readFolder(path);
    const { bytes, modifiedAt } = await readBounded(path, maxArchiveBytes, true);
    if (bytes[0] !== 0x1f || bytes[1] !== 0x8b) return { bytes, modifiedAt };
    return unpack(bytes, path);
  } catch (error) {
    if (error instanceof UserError) throw error;
    throw new UserError('case-not-readable', `The case ${path} cannot be read: ${reasonOf(error)}.`, 'Check the path, and that you may read it.');
  }
}

function unpack(bytes: Buffer, path: string): Map<string, Buffer> {
  try {
    return unpackArchive(bytes);
  } catch (error) {
    throw notUnderstood(path, reasonOf(error));
  }
}

async function readFolder(path: string): Promise<Map<string, Buffer>> {
  const files = new Map([[indexName, (await readBounded(join(path, indexName), maxRunBytes, false)).bytes]]);
  const folder = join(path, 'outputs');
  const names = (await lstat(folder).catch(() => undefined))?.isDirectory() ? await readdir(folder) : [];
  let remaining = maxArchiveBytes;
  for (const name of names.slice(0, maxFiles)) {
    if (!outputName.test(`outputs/${name}`)) continue;
    const { bytes } = await readBounded(join(folder, name), remaining, false);
    remaining -= bytes.length;
    files.set(`outputs/${name}`, bytes);
  }
  return files;
}

/** Reads a regular file of bounded size. Within a folder links are not followed: a case from elsewhere must not name this machine's files. */
async function readBounded(path: string, maxBytes: number, followLink: boolean): Promise<Stream> {
  const handle = await open(path, constants.O_RDONLY | constants.O_NONBLOCK | (followLink ? 0 : constants.O_NOFOLLOW));
  try {
    const { size, mtime, ...stat } = await handle.stat().then((s) => ({ size: s.size, mtime: s.mtime, isFile: s.isFile() }));
    if (!stat.isFile) throw new Error('it is not a file');
    if (size > maxBytes) throw new Error(`it is larger than ${Math.round(maxBytes / 1_048_576)} MiB`);
    const bytes = Buffer.alloc(size);
    const { bytesRead } = await handle.read(bytes, 0, size, 0);
    return { bytes: bytes.subarray(0, bytesRead), modifiedAt: mtime };
  } finally {
    await handle.close();
  }
}

function fromFiles(files: ReadonlyMap<string, Buffer>, path: string, probes: readonly AnyProbe[]): Case {
  const index = parseIndex(files.get(indexName), path);
  const outputs = index.outputs.map(({ file, ...output }): ProbeOutput => {
    if (!outputName.test(file)) throw notUnderstood(path, 'an output has a file name that no case has');
    return { ...output, stdout: files.get(file)?.toString('utf8') ?? '' };
  });
  return { ...index, outputs: withLost(outputs, probes, notPart) };
}

function parseIndex(bytes: Buffer | undefined, path: string): CaseIndex {
  if (bytes === undefined) throw notUnderstood(path, `it has no ${indexName}`);
  let json: unknown;
  try {
    json = JSON.parse(bytes.toString('utf8'));
  } catch {
    throw notUnderstood(path, `its ${indexName} is not JSON`);
  }
  const checked = caseIndexSchema.safeParse(json);
  if (checked.success) return checked.data;
  const version = typeof json === 'object' && json !== null && 'caseVersion' in json ? json.caseVersion : undefined;
  if (typeof version === 'number' && version > 1) throw notUnderstood(path, `it is of version ${version}, made by a newer Culprit`);
  const issue = checked.error.issues[0];
  throw notUnderstood(path, `its ${indexName} is not as it should be: ${issue?.path.join('.')} ${issue?.message}`);
}

function fromStream(bytes: Buffer, modifiedAt: Date, path: string, probes: readonly AnyProbe[]): Case {
  const bounds = new Map(probes.map((probe) => [probe.id, probe.spec.maxBytes]));
  const parser = new FrameParser({ maxBytesOf: (probe) => bounds.get(probe) });
  const outputs = parser.push(bytes);
  if (!parser.started) throw notUnderstood(path, 'it is neither a folder, an archive nor the output of the collector script');
  const begun = outputs.map(({ uptimeSeconds }) => uptimeSeconds);
  const ended = outputs.map(({ uptimeSeconds, durationMs }) => uptimeSeconds + durationMs / 1_000);
  return {
    caseVersion: 1,
    culpritVersion: 'collector',
    target: path,
    startedAt: (parser.startedAt ?? modifiedAt).toISOString(),
    durationMs: outputs.length > 0 ? Math.max(0, Math.round((Math.max(...ended) - Math.min(...begun)) * 1_000)) : 0,
    redacted: false,
    complete: parser.complete,
    givenSymptoms: [],
    connection: { exitStatus: null, says: '' },
    outputs: withLost(outputs, probes, parser.complete ? notPart : 'the connection ended before its answer'),
  };
}

function notUnderstood(path: string, why: string): UserError {
  return new UserError(
    'case-not-understood',
    `The file ${path} is not a case: ${why}.`,
    'A case is a folder or .tgz made by `culprit investigate --save`, or the output of `culprit collector | ssh root@host sh`.',
  );
}

function reasonOf(error: unknown): string {
  if (!(error instanceof Error)) return 'unknown';
  const code = 'code' in error ? error.code : undefined;
  if (code === 'ENOENT') return 'it does not exist';
  if (code === 'EACCES' || code === 'EPERM') return 'no permission';
  if (code === 'ELOOP') return 'it is a link';
  return error.message;
}
