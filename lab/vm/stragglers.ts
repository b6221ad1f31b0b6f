import { existsSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';

const isAlive = (pid: number): boolean => existsSync(`/proc/${pid}`);

/** The machine of a folder, if it still runs: its command line names the folder. */
function machineIn(folder: string): number | undefined {
  try {
    const pid = Number(readFileSync(join(folder, 'pid'), 'utf8'));
    return pid > 0 && readFileSync(`/proc/${pid}/cmdline`, 'utf8').includes(`${folder}/`) ? pid : undefined;
  } catch {
    return undefined;
  }
}

/** Ends machines whose owner is gone, or is this process and about to end, and removes their folders. Folders end with the owner's process id (`…-4711` or `…-4711-first`). Gives how many were ended. */
export function endStragglers(runFolder: string, isEnding = false): number {
  let ended = 0;
  for (const name of existsSync(runFolder) ? readdirSync(runFolder) : []) {
    const owner = Number(/-(\d+)(?:-first)?$/.exec(name)?.[1]);
    if (!(owner > 0) || (owner === process.pid ? !isEnding : isAlive(owner))) continue;
    const folder = join(runFolder, name);
    const pid = machineIn(folder);
    if (pid !== undefined) {
      process.kill(pid, 'SIGKILL');
      ended += 1;
    }
    rmSync(folder, { recursive: true, force: true });
  }
  return ended;
}
