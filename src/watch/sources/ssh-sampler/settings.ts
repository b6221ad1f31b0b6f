import { z } from 'zod';

/** A host that has no exporter: its numbers come over ssh. */
export const sshSamplerSettingsSchema = z.strictObject({
  /** `root@pve1`, `ssh://user@host:port`; undefined: this machine. No root is needed. */
  target: z.string().min(1).max(300).optional(),
  sshOptions: z.array(z.string().max(1_000)).max(50).default([]).describe('Handed to ssh: -o, -F, -J, -i and their values.'),
  intervalSeconds: z.number().int().min(5).max(600).default(15),
  slowIntervalSeconds: z.number().int().min(15).max(3_600).default(60).describe('For what may block, or takes a process: space in file systems, temperatures, the clock.'),
});
export type SshSamplerSettings = z.infer<typeof sshSamplerSettingsSchema>;
