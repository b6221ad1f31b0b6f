import { defineScenario } from '../../define.ts';
import { expectNoPool } from '../../loads/no-pool.ts';

/** What ordinary servers log at each boot or in passing, in red, without being ill. */
const messages: Readonly<Record<string, readonly string[]>> = {
  firmware: [
    '<3>platform regulatory.0: firmware: failed to load regulatory.db (-2)',
    '<4>ACPI BIOS Error (bug): Could not resolve symbol [\\_SB.PCI0.LPCB.HEC.ECAV], AE_NOT_FOUND (20220331/psargs-330)',
    '<3>ACPI Error: Aborting method \\_SB.PMI0._PMM due to previous error (AE_NOT_EXIST) (20220331/psparse-529)',
    '<4>ACPI: SPCR: [Firmware Bug]: Unexpected SPCR Access Width. Defaulting to byte size',
    '<3>tpm tpm0: [Firmware Bug]: TPM interrupt not working, polling instead',
    '<4>DMAR: [Firmware Bug]: No firmware reserved region can cover this RMRR [0x00000000000e8000-0x00000000000e8fff], contact BIOS vendor for fixes',
    '<4>ENERGY_PERF_BIAS: Set to normal, was performance',
    '<4>mtrr: your CPUs had inconsistent fixed MTRR settings',
    '<4>resource: resource sanity check: requesting [mem 0x00000000000c0000-0x00000000000fffff], which spans more than PCI Bus 0000:00',
  ],
  disks: [
    '<4>ata3: SATA link down (SStatus 4 SControl 300)',
    '<4>nvme nvme0: missing or invalid SUBNQN field.',
    '<4>sd 6:0:0:0: Power-on or device reset occurred',
    '<3>sr 5:0:0:0: [sr0] tag#0 FAILED Result: hostbyte=DID_OK driverbyte=DRIVER_OK cmd_age=0s',
    '<3>I/O error, dev sr0, sector 0 op 0x0:(READ) flags 0x0 phys_seg 1 prio class 2',
    '<3>Buffer I/O error on dev sr0, logical block 0, async page read',
    '<3>I/O error, dev nvme0n1, sector 0 op 0x3:(DISCARD) flags 0x800 phys_seg 1 prio class 2',
    '<4>usb 1-1.4: device descriptor read/64, error -32',
    '<3>sd 7:0:0:0: [sdh] No Caching mode page found',
    '<3>sd 7:0:0:0: [sdh] Assuming drive cache: write through',
    '<4>GPT:Primary header thinks Alt. header is not at the end of the disk.',
  ],
  devices: [
    '<4>pcieport 0000:00:1c.5: AER: Corrected error received: 0000:03:00.0',
    '<4>ixgbe 0000:03:00.0: PCIe Bus Error: severity=Corrected, type=Physical Layer, (Receiver ID)',
    '<4>ixgbe 0000:03:00.0:   device [8086:1528] error status/mask=00000001/00002000',
    '<4>perf: interrupt took too long (2522 > 2500), lowering kernel.perf_event_max_sample_rate to 79000',
    '<4>hrtimer: interrupt took 21044 ns',
    '<4>kvm [4211]: vcpu0, guest rIP: 0xfffff80349e5e2b3 Unhandled WRMSR(0x1d9) = 0x1',
    '<4>vmbr0: port 3(tap103i0) entered blocking state',
    '<6>device tap103i0 entered promiscuous mode',
    '<4>TCP: request_sock_TCP: Possible SYN flooding on port 0.0.0.0:8006. Sending cookies.',
    '<4>process `node_exporter` used the deprecated sysctl system call',
    '<4>systemd-journald[312]: File /var/log/journal/system.journal corrupted or uncleanly shut down, renaming and replacing.',
  ],
};

export default defineScenario<{ readonly groups: readonly string[] }>({
  name: 'harmless-kernel-messages',
  subject: 'kernel',
  kind: 'control',
  why: 'The kernel log is full of lines in red that every server has: firmware with mistakes, an empty drive, links that are down, errors that PCIe corrected by itself. None of them is a trouble, and the host is healthy.',
  weight: 'light',
  variants: { 'firmware-and-disks': { groups: ['firmware', 'disks'] }, 'all-of-them': { groups: ['firmware', 'disks', 'devices'] } },
  zfs: false,
  inject: async (host, { groups }) => {
    await expectNoPool(host);
    const lines = groups.flatMap((group) => messages[group] ?? []);
    await host.run(`echo on >/proc/sys/kernel/printk_devkmsg; while IFS= read -r line; do printf '%s\\n' "$line" >/dev/kmsg; sleep 0.2; done <<'LINES'\n${lines.join('\n')}\nLINES`);
  },
  check: async (host) => {
    const lines = Number(await host.run("dmesg | grep -cE 'Firmware Bug|SATA link down|dev sr0' || true"));
    return lines >= 4 ? undefined : `the log has ${lines} of the lines`;
  },
  truth: { first: [] },
});
