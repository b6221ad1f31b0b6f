import type { Host } from '../../define.ts';

/** A machine check as a bank of the processor holds it (Intel SDM volume 3B, IA32_MCi_STATUS): bit 61 is set where it was not corrected. */
export interface MachineCheck {
  readonly status: string;
  readonly bank: number;
  readonly cpu: number;
  /** Address of the memory that it is about. */
  readonly address?: string;
}

/** Hands errors to the kernel as if the processor had reported them, some seconds apart (mce-inject, without raising an exception). */
export async function reportMachineChecks(host: Host, { status, bank, cpu, address = '0' }: MachineCheck, times: number, secondsApart = 1.4): Promise<void> {
  await host.run(
    `modprobe mce-inject && cd /sys/kernel/debug/mce-inject && for i in $(seq ${times}); do
      echo sw >flags; echo ${status} >status; echo ${address} >addr; echo 0 >misc; echo ${cpu} >cpu; echo ${bank} >bank || exit 1; sleep ${secondsApart}
    done`,
    { timeoutSeconds: 60 + times * 4 },
  );
}

/** Lines of the kernel about hardware errors. */
export async function machineCheckLines(host: Host): Promise<number> {
  return Number(await host.run("dmesg | grep -c 'Hardware Error' || true"));
}
