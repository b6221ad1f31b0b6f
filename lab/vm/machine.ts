import { existsSync, readFileSync } from 'node:fs';
import { mkdir, open, rename, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import type { MachineSpec } from '../define.ts';
import { dataDiskMib, dataDisks, qemuArguments, type Ports } from './arguments.ts';
import { freePort } from './ports.ts';
import { runProcess } from './process.ts';
import { Qmp } from './qmp.ts';
import { Shell } from './ssh.ts';

/** What a machine is started from. */
export interface Image {
  readonly rootImage: string;
  readonly rootFormat: 'raw' | 'qcow2';
  readonly kernel?: string;
  readonly initrd?: string;
  readonly keyFile: string;
}

/** How QEMU is called here. */
export interface Qemu {
  readonly command: readonly [string, ...string[]];
  readonly env: NodeJS.ProcessEnv;
  /** The same for qemu-img. */
  readonly imageTool: readonly [string, ...string[]];
}

/** A machine that was up and idle once: its memory in a file, and the root disk as it was then. */
export interface SavedState {
  readonly memoryFile: string;
  readonly rootDisk: string;
}

/** One running QEMU. Its folder holds all that it writes and goes away with it. */
export class Machine {
  readonly folder: string;
  readonly ports: Ports;
  readonly qmp: Qmp;
  readonly shell: Shell;
  readonly #pid: number;

  private constructor(folder: string, ports: Ports, qmp: Qmp, shell: Shell, pid: number) {
    this.folder = folder;
    this.ports = ports;
    this.qmp = qmp;
    this.shell = shell;
    this.#pid = pid;
  }

  /** Boots, or goes on from a saved state, and waits until ssh answers. */
  static async start(qemu: Qemu, image: Image, spec: Required<MachineSpec>, folder: string, from?: SavedState): Promise<Machine> {
    await rm(folder, { recursive: true, force: true });
    await mkdir(folder, { recursive: true, mode: 0o700 });
    const ports = { ssh: await freePort(), exporter: await freePort() };
    const base = from ? [from.rootDisk, 'qcow2'] : [image.rootImage, image.rootFormat];
    await must(qemu, [...qemu.imageTool, 'create', '-q', '-f', 'qcow2', '-b', base[0]!, '-F', base[1]!, join(folder, 'root.qcow2')]);
    for (const id of dataDisks) await makeSparse(join(folder, `${id}.raw`), dataDiskMib);
    const incoming = from ? ['-incoming', `exec:zstd -qdc ${from.memoryFile}`] : [];
    await must(qemu, [...qemu.command, ...qemuArguments(folder, spec, ports, image), ...incoming]);
    const pid = Number(readFileSync(join(folder, 'pid'), 'utf8'));
    const machine = new Machine(folder, ports, await Qmp.open(join(folder, 'qmp.sock')), new Shell(ports.ssh, image.keyFile, folder), pid);
    try {
      if (from) await machine.#goOn();
      await machine.shell.waitUntilReady(spec.kind === 'upgrade' ? 600 : 420, () => machine.isAlive());
      await machine.shell.run(`mkdir -p /run/lab; date -s @${Math.round(Date.now() / 1000)} >/dev/null`);
      return machine;
    } catch (error) {
      await machine.stop();
      throw error;
    }
  }

  isAlive(): boolean {
    try {
      process.kill(this.#pid, 0);
      return true;
    } catch {
      return false;
    }
  }

  /** Waits until the machine has settled and been up for some time, saves it, and ends it. */
  async save(to: SavedState, uptimeSeconds: number): Promise<void> {
    const settled = `systemctl is-system-running --wait >/dev/null
      for i in $(seq 45); do [ "$(cut -d. -f1 /proc/loadavg)" = 0 ] && break; sleep 2; done
      left=$((${uptimeSeconds} - $(cut -d. -f1 /proc/uptime))); [ $left -le 0 ] || sleep $left; sync`;
    await this.shell.run(settled, { timeoutSeconds: 480, mayFail: true });
    await this.shell.close();
    await this.qmp.execute('stop');
    const half = `${to.memoryFile}.${process.pid}`;
    await this.qmp.execute('migrate-set-parameters', { 'max-bandwidth': 2 ** 40 });
    await this.qmp.execute('migrate', { uri: `exec:zstd -q -1 -f -o ${half}` });
    for (;;) {
      const state = (await this.qmp.execute('query-migrate')) as { status?: string; 'error-desc'?: string };
      if (state.status === 'completed') break;
      if (state.status === 'failed') throw new Error(`QEMU could not save the machine: ${state['error-desc'] ?? 'it gives no reason'}`);
      await sleep(200);
    }
    const disk = join(this.folder, 'root.qcow2');
    await this.#end();
    await rename(disk, to.rootDisk);
    await rename(half, to.memoryFile);
    await rm(this.folder, { recursive: true, force: true });
  }

  async stop(): Promise<void> {
    await this.shell.close();
    await this.#end();
    await rm(this.folder, { recursive: true, force: true });
  }

  async #goOn(): Promise<void> {
    for (;;) {
      const { status } = (await this.qmp.execute('query-status')) as { status: string };
      if (status !== 'inmigrate') break;
      await sleep(100);
    }
    await this.qmp.execute('cont');
  }

  async #end(): Promise<void> {
    this.qmp.close();
    if (this.isAlive()) process.kill(this.#pid, 'SIGTERM');
    for (let waited = 0; this.isAlive(); waited += 100) {
      if (waited === 10_000) process.kill(this.#pid, 'SIGKILL');
      await sleep(100);
    }
  }
}

async function must(qemu: Qemu, [command, ...args]: readonly string[]): Promise<void> {
  const { status, stderr } = await runProcess(command ?? '', args, { timeoutSeconds: 60, env: qemu.env });
  if (status !== 0) throw new Error(`${command} failed: ${stderr.trim().slice(-1500)}`);
}

export async function makeSparse(path: string, sizeMib: number): Promise<void> {
  if (existsSync(path)) throw new Error(`${path} is there already.`);
  const file = await open(path, 'w');
  await file.truncate(sizeMib * 2 ** 20);
  await file.close();
}
