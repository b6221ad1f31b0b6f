/**
 * The contracts of the fault lab. Nothing here, and nothing else under lab/, imports from src/: the side that breaks the machine
 * and the oracle share nothing with the product, which is only ever run as a user would run it.
 */

/** The Debian release that a machine runs; it brings the kernel and OpenZFS: 6.1 with 2.1, 6.12 with 2.3. */
export type Suite = 'bookworm' | 'trixie';
export const suites: readonly Suite[] = ['bookworm', 'trixie'];

/** What a scenario is about, in the product's own words for subjects. */
export type Subject = 'cpu' | 'memory' | 'disk' | 'zfs' | 'filesystem' | 'network' | 'kernel' | 'guests' | 'reach' | 'meter';

/** The machine that a scenario needs. What is left out is the standard machine, which starts from a snapshot in seconds. */
export interface MachineSpec {
  /** `quick` boots a kernel directly; `upgrade` boots by GRUB from its own disk and may reboot. */
  readonly kind?: 'quick' | 'upgrade';
  /** QEMU's -cpu; default `max`. */
  readonly cpu?: string;
  /** More words for the kernel command line (quick only). */
  readonly append?: string;
  /** Default 1536. */
  readonly memoryMib?: number;
  /** Default 2. */
  readonly processors?: number;
  /** More arguments for QEMU. A machine with them always boots afresh. */
  readonly qemu?: readonly string[];
}

export interface DiskSpec {
  /** Name of the disk for `throttle` and QMP; also its serial number unless one is given. Letters and digits, at most 20. */
  readonly id: string;
  readonly sizeMib: number;
  readonly bus: 'virtio' | 'scsi' | 'nvme';
  readonly serial?: string;
  /** Only scsi: 1 for a solid-state disk, else rotations a minute. */
  readonly rotationRate?: number;
  readonly model?: string;
  /** Sectors (512 bytes) of which no read succeeds. */
  readonly unreadableSectors?: readonly number[];
  /** More properties of the device, as QMP's device_add takes them. */
  readonly properties?: Readonly<Record<string, unknown>>;
}

export interface RunOptions {
  /** Default 60. */
  readonly timeoutSeconds?: number;
  /** When true, an exit status other than 0 is no error. */
  readonly mayFail?: boolean;
}

/** A running machine, as a scenario sees it. The standard disks are data1 to data4 (/dev/vdb to /dev/vde, 4 GiB each, empty). */
export interface Host {
  readonly suite: Suite;
  /** Port of 127.0.0.1 that leads to the machine's ssh; `exporterPort` to its node_exporter on 9100. */
  readonly sshPort: number;
  readonly exporterPort: number;
  /** Runs a script with bash as root in the machine and gives what it printed on stdout. Throws with its stderr when it fails. */
  run(script: string, options?: RunOptions): Promise<string>;
  /**
   * Starts something that goes on, as a transient systemd unit. With `guest`, inside the cgroup of a Proxmox guest: `qemu/100` is
   * qemu.slice/100.scope with a process named kvm, started through `lab-guest`.
   */
  start(unit: string, script: string, options?: { readonly guest?: string }): Promise<void>;
  /** A command to QEMU's monitor; gives its `return`. */
  qmp(command: string, args?: Readonly<Record<string, unknown>>): Promise<unknown>;
  /** Plugs a disk in while the machine runs and gives its path under /dev. */
  addDisk(disk: DiskSpec): Promise<string>;
  /** Limits what a disk (data1 … data4, or one that was added) does; 0 is without limit. */
  throttle(diskId: string, limits: { readonly operationsPerSecond?: number; readonly bytesPerSecond?: number }): Promise<void>;
  wait(seconds: number): Promise<void>;
  /** Only machines of the kind `upgrade`: reboots and waits until ssh answers again. */
  reboot(): Promise<void>;
}

/** What is right to say, written down by who broke the machine. Ids are the product's public ids of causes. */
export interface Truth {
  /** One of these must lead. Empty: there is no cause to find (controls). */
  readonly first: readonly string[];
  /** All of these must be among the first three causes; of a list in it, one. Default: nothing more than `first` says. */
  readonly among?: readonly (string | readonly string[])[];
  /** What may be named besides: mechanisms, and true consequences. What else is `identified` is wrong, whatever else is right. */
  readonly allowed?: readonly string[];
  /** What must be neither a cause nor noticed. */
  readonly never?: readonly string[];
  /** Right words for the verdict. Default for faults: identified, suspected; for controls: healthy. */
  readonly status?: readonly ('healthy' | 'identified' | 'suspected' | 'inconclusive' | 'unreachable')[];
  /** For a cause's id, a text that must occur in one of its objects, such as `qemu/100` or a disk's serial number. */
  readonly objects?: Readonly<Record<string, string>>;
  /** Ids of symptoms that must be seen, where the scenario is meant to hurt. */
  readonly symptoms?: readonly string[];
}

/** How the product is asked, where it is not `investigate` over ssh. */
export interface Look {
  /** Words for the command line after `investigate`; default: the ssh target of the machine with its key and port. */
  readonly words?: readonly string[];
  /** Ids of symptoms that the user says are there (`--symptom`), as when a mail of a monitoring brought them. */
  readonly symptoms?: readonly string[];
  /** Default 360. */
  readonly timeoutSeconds?: number;
}

/** Written as a method, so that scenarios of any variant can stand in one list. */
type TruthOf<Variant> = { of(variant: Variant, suite: Suite): Truth }['of'];

export interface Scenario<Variant = unknown> {
  readonly name: string;
  readonly subject: Subject;
  readonly kind: 'fault' | 'control' | 'double';
  /** One paragraph: what is done, why it is like a real fault, what a right answer is and why. */
  readonly why: string;
  /** Scenarios of one family are one draw for the statistics. Default: the scenario's name. */
  readonly family?: string;
  /** Default: both. */
  readonly suites?: readonly Suite[];
  /** The product may run experiments that write to something of their own, and knows no documented issue: it has to find out by trying. */
  readonly blind?: true;
  /** A light scenario keeps at most one core busy, so that two can run side by side. */
  readonly weight: 'light' | 'heavy';
  /** Two strengths or kinds at least for a fault. Half of them, by a hash of their names, are held out while rules are written. */
  readonly variants: Readonly<Record<string, Variant>>;
  machine?(variant: Variant, suite: Suite): MachineSpec;
  /** What is done before the module zfs is loaded. With `zfs: false` it is not loaded at all. */
  beforeZfs?(host: Host, variant: Variant): Promise<void>;
  readonly zfs?: boolean;
  /** Sets the machine up, breaks it and puts load on it. */
  inject(host: Host, variant: Variant): Promise<void>;
  /** Looks whether the injection took, by means of its own: undefined when it did, else what is wrong. Runs after the settling time. */
  check(host: Host, variant: Variant): Promise<string | undefined>;
  /** Time between the injection and the look. Default 10. */
  readonly settleSeconds?: number;
  look?(host: Host, variant: Variant): Look;
  readonly truth: Truth | TruthOf<Variant>;
}

/** A scenario is the default export of one file `lab/scenarios/<subject>/<name>.scenario.ts`. */
export function defineScenario<Variant>(scenario: Scenario<Variant>): Scenario<Variant> {
  return scenario;
}

/** One run of one variant on one suite, as it is kept in results.json. */
export interface RunResult {
  readonly scenario: string;
  readonly variant: string;
  readonly suite: Suite;
  /** 1 for the first run of its kind, 2 for the second, and so on (`--repeat`). */
  readonly repeat: number;
  readonly subject: Subject;
  readonly kind: Scenario['kind'];
  readonly family: string;
  readonly heldOut: boolean;
  /** `not-injected` and `error` count as failures too. */
  readonly outcome: 'right' | 'wrong' | 'not-injected' | 'error';
  /** What is wrong, one sentence each; empty when right. */
  readonly failures: readonly string[];
  readonly truth: Truth;
  /** Absent when the product was not asked, or did not answer. */
  readonly verdict?: {
    readonly status: string;
    readonly summary: string;
    readonly causes: readonly { readonly id: string; readonly status: string; readonly probability: number; readonly objects: readonly string[] }[];
    readonly noticed: readonly string[];
    readonly symptoms: readonly string[];
  };
  readonly seconds: { readonly boot: number; readonly inject: number; readonly settle: number; readonly investigate: number };
  /** What the product tried, where it was allowed to; one entry for each thing that an experiment looked at. */
  readonly experiments?: readonly { readonly id: string; readonly outcome: string; readonly seconds: number }[];
  /** CPU time that the look cost the machine, where it could be measured. */
  readonly hostCpuSeconds?: number;
  readonly attempts: number;
  readonly startedAt: string;
  /** Hashes of what the run depends on, and versions for the reader. `culprit` is the product's version and commit. */
  readonly scenarioHash: string;
  readonly imageHash: string;
  readonly versions: Readonly<Record<string, string>>;
  /** True when the verdict was made again, by a newer product, from the case that the run saved. */
  readonly diagnosedAgain: boolean;
  /** The result is as an earlier results.json has it: its case lies on another machine, so the present product could not judge it. */
  readonly takenOver?: boolean;
}
