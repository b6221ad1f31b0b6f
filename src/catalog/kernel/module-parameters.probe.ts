import { z } from 'zod';
import { defineProbe } from '../../define/probe.ts';
import { dumpedFiles } from '../../lib/host-text.ts';

/** Settings of the kernel and its modules that matter to guests and disks: `{ kvm: { halt_poll_ns: '200000' } }`. ZFS has a source of its own. */
export default defineProbe({
  id: 'module-parameters',
  title: 'Settings of the modules for virtualisation and disks',
  subject: 'kernel',
  stage: 'early',
  maxBytes: 16_384,
  sh: `cd /sys/module || exit 1
dump kvm/parameters/halt_poll_ns kvm/parameters/ignore_msrs kvm/parameters/nx_huge_pages kvm/parameters/tdp_mmu kvm/parameters/mitigate_smt_rsb \\
  kvm_intel/parameters/ept kvm_intel/parameters/nested kvm_intel/parameters/vmentry_l1d_flush kvm_intel/parameters/enable_apicv kvm_intel/parameters/ple_gap \\
  kvm_amd/parameters/npt kvm_amd/parameters/nested kvm_amd/parameters/avic kvm_amd/parameters/vls \\
  nvme_core/parameters/default_ps_max_latency_us nvme_core/parameters/io_timeout nvme_core/parameters/multipath nvme_core/parameters/max_retries \\
  intel_idle/parameters/max_cstate processor/parameters/max_cstate pcie_aspm/parameters/policy workqueue/parameters/power_efficient \\
  zswap/parameters/enabled printk/parameters/time`,
  schema: z.record(z.string(), z.record(z.string(), z.string())),
  parse: (stdout) => {
    const value: Record<string, Record<string, string>> = {};
    for (const [path, text] of dumpedFiles(stdout)) {
      const match = /^([a-z][a-z0-9_]{0,40})\/parameters\/([a-z][a-zA-Z0-9_]{0,60})$/.exec(path);
      if (match?.[1] === undefined || match[2] === undefined) continue;
      const module = Object.hasOwn(value, match[1]) ? value[match[1]] : undefined;
      value[match[1]] = { ...module, [match[2]]: (text.split('\n')[0] ?? '').trim() };
    }
    return value;
  },
  examples: [
    {
      from: 'recorded',
      where: 'Debian 12, Linux 6.1',
      stdout: `==> kvm/parameters/halt_poll_ns <==
200000
==> kvm/parameters/ignore_msrs <==
N
==> nvme_core/parameters/io_timeout <==
30
==> pcie_aspm/parameters/policy <==
[default] performance powersave powersupersave 
`,
      expect: { kvm: { halt_poll_ns: '200000', ignore_msrs: 'N' }, nvme_core: { io_timeout: '30' } },
    },
    { from: 'documented', where: 'a kernel without modules', stdout: '', expect: {} },
  ],
});
