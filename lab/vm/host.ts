import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import type { DiskSpec, Host, RunOptions, Suite } from '../define.ts';
import { dataDisks, hotplugPorts } from './arguments.ts';
import { makeSparse, type Machine } from './machine.ts';

/** Errno of an I/O error; QEMU passes it to the machine as a medium error or its like. */
const ioError = 5;

/** docs/devel/blkdebug in QEMU's sources: reads that touch one of the sectors fail. */
function withBadSectors(file: object, sectors: readonly number[]): object {
  if (sectors.length === 0) return file;
  const rules = sectors.map((sector) => ({ event: 'none', iotype: 'read', sector, errno: ioError, once: false, immediately: false }));
  return { driver: 'blkdebug', image: file, 'inject-error': rules };
}

/** A running machine as scenarios see it. */
export class LabHost implements Host {
  readonly suite: Suite;
  readonly #machine: Machine;
  #nextPort = 0;

  constructor(suite: Suite, machine: Machine) {
    this.suite = suite;
    this.#machine = machine;
  }

  get sshPort(): number {
    return this.#machine.ports.ssh;
  }

  get exporterPort(): number {
    return this.#machine.ports.exporter;
  }

  run(script: string, options?: RunOptions): Promise<string> {
    return this.#machine.shell.run(script, options);
  }

  async start(unit: string, script: string, options: { readonly guest?: string } = {}): Promise<void> {
    const file = `/run/lab/${unit}.sh`;
    const words = options.guest === undefined ? '' : `/usr/local/sbin/lab-guest ${options.guest} --`;
    const text = Buffer.from(script).toString('base64');
    await this.run(`mkdir -p /run/lab && echo ${text} | base64 -d > ${file} && systemd-run --quiet --unit=${unit} ${words} bash ${file}`);
  }

  qmp(command: string, args?: Readonly<Record<string, unknown>>): Promise<unknown> {
    return this.#machine.qmp.execute(command, args);
  }

  async addDisk({ id, sizeMib, bus, serial = id, rotationRate, model, unreadableSectors = [], properties = {} }: DiskSpec): Promise<string> {
    const file = join(this.#machine.folder, `${id}.raw`);
    await makeSparse(file, sizeMib);
    await this.qmp('object-add', { 'qom-type': 'throttle-group', id: `limits-${id}` });
    await this.qmp('blockdev-add', {
      'node-name': `node-${id}`,
      driver: 'throttle',
      discard: 'unmap',
      'throttle-group': `limits-${id}`,
      file: { driver: 'raw', cache: { direct: false, 'no-flush': true }, file: withBadSectors({ driver: 'file', filename: file, discard: 'unmap' }, unreadableSectors) },
    });
    const port = (): string => {
      if (this.#nextPort === hotplugPorts) throw new Error(`All ${hotplugPorts} PCIe ports of the machine are taken.`);
      return `port${this.#nextPort++}`;
    };
    const device =
      bus === 'scsi'
        ? { driver: 'scsi-hd', bus: 'scsi.0', ...(rotationRate === undefined ? {} : { rotation_rate: rotationRate }), ...(model === undefined ? {} : { product: model }) }
        : { driver: bus === 'nvme' ? 'nvme' : 'virtio-blk-pci', bus: port() };
    await this.qmp('device_add', { ...device, id, drive: `node-${id}`, serial, ...(unreadableSectors.length > 0 ? { rerror: 'report', werror: 'report' } : {}), ...properties });
    const found = await this.run(`for i in $(seq 100); do
      d=$(lsblk -dno NAME,SERIAL | awk -v s=${serial} '$2 == s { print "/dev/" $1; exit }'); [ -n "$d" ] && echo $d && exit; sleep 0.2
    done; echo "the disk ${serial} did not appear" >&2; exit 1`);
    return found.trim();
  }

  async throttle(diskId: string, { operationsPerSecond = 0, bytesPerSecond = 0 }: { operationsPerSecond?: number; bytesPerSecond?: number }): Promise<void> {
    if ((dataDisks as readonly string[]).includes(diskId)) {
      const none = { bps_rd: 0, bps_wr: 0, iops_rd: 0, iops_wr: 0 };
      await this.qmp('block_set_io_throttle', { device: `drive-${diskId}`, bps: bytesPerSecond, iops: operationsPerSecond, ...none });
      return;
    }
    const limits = { 'bps-total': bytesPerSecond, 'iops-total': operationsPerSecond };
    await this.qmp('qom-set', { path: `/objects/limits-${diskId}`, property: 'limits', value: limits });
  }

  wait(seconds: number): Promise<void> {
    return sleep(seconds * 1000);
  }

  async reboot(): Promise<void> {
    const before = (await this.run('cat /proc/sys/kernel/random/boot_id')).trim();
    await this.run('systemctl reboot', { mayFail: true, timeoutSeconds: 30 });
    for (let waited = 0; waited < 300; waited += 2) {
      await sleep(2000);
      const now = (await this.run('cat /proc/sys/kernel/random/boot_id', { mayFail: true, timeoutSeconds: 10 })).trim();
      if (now !== '' && now !== before) return;
    }
    throw new Error('The machine did not come back within 300 s.');
  }
}
