import { createHash } from 'node:crypto';
import { existsSync } from 'node:fs';
import { mkdir, readdir, rm } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { cacheFolder } from '../cache.ts';
import type { MachineSpec } from '../define.ts';
import { standardMachine } from '../vm/arguments.ts';
import { takeTurn } from './slots.ts';
import { Machine, type Image, type Qemu, type SavedState } from '../vm/machine.ts';

export interface Prepared {
  readonly qemu: Qemu;
  readonly image: Image;
  readonly imageHash: string;
}

export const completeSpec = (spec: MachineSpec): Required<MachineSpec> => ({ ...standardMachine, ...spec });

/** A machine with devices of its own may hold what QEMU cannot save (NVMe), and one that boots by itself is there for its boots. */
const canBeSaved = (spec: Required<MachineSpec>): boolean => spec.kind === 'quick' && spec.qemu.length === 0;

/** What happens in the first five minutes is taken as part of the boot. Scenarios for which that matters run on the standard machine; others need not wait for it. */
function savedAtUptimeSeconds(spec: Required<MachineSpec>): number {
  return JSON.stringify(spec) === JSON.stringify(completeSpec({})) ? 330 : 0;
}

function stateOf(prepared: Prepared, spec: Required<MachineSpec>): SavedState {
  const name = createHash('sha256').update(JSON.stringify([prepared.qemu.command, spec])).digest('hex').slice(0, 12);
  const folder = join(cacheFolder(), 'states', prepared.imageHash);
  return { memoryFile: join(folder, `${name}.memory.zst`), rootDisk: join(folder, `${name}.root.qcow2`) };
}

/** States of images that are no longer there are of no use. */
export async function removeOldStates(imageHashes: readonly string[]): Promise<void> {
  const folder = join(cacheFolder(), 'states');
  for (const name of await readdir(folder).catch(() => [])) {
    if (!imageHashes.includes(name)) await rm(join(folder, name), { recursive: true, force: true });
  }
}

async function saveFirstState({ qemu, image, imageHash }: Prepared, spec: Required<MachineSpec>, state: SavedState, folder: string, log: (line: string) => void): Promise<void> {
  const release = await takeTurn(`state-${imageHash}-${basename(state.memoryFile)}`);
  try {
    if (existsSync(state.memoryFile)) return;
    log('first boot of this machine; its state is kept for later runs');
    await mkdir(dirname(state.memoryFile), { recursive: true });
    const machine = await Machine.start(qemu, image, spec, folder);
    await machine.save(state, savedAtUptimeSeconds(spec));
  } finally {
    release();
  }
}

/** Boots the standard machine once where no state of it is kept, so that later runs start in seconds. */
export async function keepFirstState(prepared: Prepared, log: (line: string) => void): Promise<void> {
  const spec = completeSpec({});
  const state = stateOf(prepared, spec);
  if (!existsSync(state.memoryFile)) await saveFirstState(prepared, spec, state, join(cacheFolder(), 'run', `first-${prepared.imageHash}-${process.pid}`), log);
}

/**
 * Starts a machine: from the state that was saved after its first boot, which takes seconds, or by booting it. The state is of a
 * machine that is up, idle and has not loaded ZFS; clock and disks are fresh in each run.
 */
export async function startMachine(prepared: Prepared, spec: Required<MachineSpec>, folder: string, log: (line: string) => void): Promise<Machine> {
  const { qemu, image } = prepared;
  if (!canBeSaved(spec)) return Machine.start(qemu, image, spec, folder);
  const state = stateOf(prepared, spec);
  if (!existsSync(state.memoryFile)) await saveFirstState(prepared, spec, state, `${folder}-first`, log);
  return Machine.start(qemu, image, spec, folder, state);
}
