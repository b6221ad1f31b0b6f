/** A Proxmox VE host on metal, as the source `operating-system` has it. */
export const proxmoxHost = {
  hostname: 'pve1',
  distribution: { id: 'debian', versionId: '12', prettyName: 'Debian GNU/Linux 12 (bookworm)' },
  kernelRelease: '6.2.16-10-pve',
  kernelBuild: '#1 SMP PREEMPT_DYNAMIC PMX 6.2.16-10 (2023-08-18T11:42Z)',
  machine: 'x86_64',
  uptimeSeconds: 864_000,
  clockTicksPerSecond: 100,
  virtualization: 'none',
  onlineCpus: '0-31',
  presentCpus: '0-31',
  hardware: { vendor: 'Supermicro', product: 'Super Server', firmwareVersion: '2.6', firmwareDate: '08/08/2024' },
};

/** A small virtual machine. */
export const virtualHost = {
  ...proxmoxHost,
  hostname: 'host',
  kernelRelease: '6.1.0-50-amd64',
  kernelBuild: '#1 SMP PREEMPT_DYNAMIC Debian 6.1.176-1 (2026-07-02)',
  virtualization: 'kvm',
  onlineCpus: '0-1',
  presentCpus: '0-1',
};
