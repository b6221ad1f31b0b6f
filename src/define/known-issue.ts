import { z } from 'zod';

const rangeSchema = z.strictObject({
  /** What runs: `kernel` is compared with `uname -r` of the running kernel, `zfs` with the loaded module, `qemu` with the binary of a running guest. */
  component: z.enum(['kernel', 'zfs', 'qemu']),
  /** Whose version numbers these are: Proxmox, Debian and Ubuntu number their kernels each in their own way. */
  flavour: z.enum(['proxmox', 'debian', 'ubuntu', 'upstream', 'any']).default('any'),
  /** First version that has it, included; without it: all before `fixed`. Compared as dpkg does. */
  from: z.string().optional(),
  /** First version that does not have it any more; without it: all since `from`. */
  fixed: z.string().optional(),
  /** Last version that has it, where no fixed one is known. */
  last: z.string().optional(),
});
export type VersionRange = z.infer<typeof rangeSchema>;

const signSchema = z.strictObject({
  /** A CEL expression over facts, named by their ids in camelCase: `cpuInfo.flags`. */
  when: z.string().min(1),
  strength: z.enum(['decisive', 'strong', 'weak']),
  says: z.string().min(1),
});

const issueExampleSchema = z.strictObject({
  name: z.string().min(1),
  /** Facts by their ids in camelCase; only what the issue's expressions read. Running versions go under `versions`. */
  given: z.record(z.string(), z.unknown()),
});

/** The front matter of a `*.issue.md` file. */
export const issueFrontMatterSchema = z.strictObject({
  id: z.string().regex(/^[A-Z][A-Z0-9]*-\d+$/, 'an id like PVK-001'),
  title: z.string().min(1),
  /** The cause that it refines, or `none`: then it is only noticed. */
  cause: z.string().min(1),
  /** Eligible only in these ranges. A range alone never convicts. Empty: in all versions. */
  affected: z.array(rangeSchema).default([]),
  signs: z.array(signSchema).min(1),
  refutedBy: z.array(z.strictObject({ when: z.string().min(1), says: z.string().min(1) })).default([]),
  mitigations: z.array(z.string().min(1)).min(1),
  references: z.array(z.string().min(1)).min(1),
  examples: z.strictObject({
    match: z.array(issueExampleSchema).min(1),
    noMatch: z.array(issueExampleSchema).min(1),
  }),
});

export type IssueFrontMatter = z.infer<typeof issueFrontMatterSchema>;

/** A documented defect or trap, as data. */
export interface KnownIssue extends IssueFrontMatter {
  /** The Markdown after the front matter. */
  readonly prose: string;
  /** Where it was read from, for messages: a path within the catalogue or the user's own folder. */
  readonly file: string;
}
