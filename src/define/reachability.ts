import { z } from 'zod';

const milliseconds = z.number().nonnegative();

/** How an attempt to open a TCP connection ended. `not-asked`: the host is behind a proxy, or its name gives no address. */
export const connectOutcomes = ['connected', 'refused', 'timed-out', 'no-route', 'failed', 'not-asked'] as const;

const portSchema = z.object({
  port: z.number().int().min(1).max(65_535),
  outcome: z.enum(connectOutcomes),
  milliseconds,
});
export type PortSeen = z.infer<typeof portSchema>;

const pingSchema = z.object({
  /** `failed`: ping itself could not run (no right, no route on this machine). */
  outcome: z.enum(['answered', 'no-answer', 'not-installed', 'failed', 'not-asked']),
  sent: z.number().int().nonnegative(),
  received: z.number().int().nonnegative(),
  averageMs: milliseconds.optional(),
});
export type PingSeen = z.infer<typeof pingSchema>;

/** What the asking machine sees of a host that ssh got no answers from: the output of the probe `reachability`, as JSON. */
export const reachabilitySchema = z.object({
  /** As the user wrote it. */
  destination: z.string(),
  /** What ssh connects to, by its own configuration. */
  hostname: z.string(),
  /** `ProxyJump gate` or `ProxyCommand …`: then nothing is asked directly, since a direct answer would say nothing. */
  proxiedBy: z.string().optional(),
  ssh: z.object({
    exitStatus: z.number().int().nullable(),
    /** The end of what ssh said, such as "Connection timed out" or "Permission denied". */
    says: z.string(),
  }),
  name: z.object({
    /** `address`: nothing to resolve. `not-found`: the resolver answers that there is no such name. `failed`: it gives no answer. */
    outcome: z.enum(['address', 'resolved', 'not-found', 'timed-out', 'failed', 'not-asked']),
    addresses: z.array(z.string()),
    milliseconds,
  }),
  ping: pingSchema,
  ports: z.object({
    ssh: portSchema,
    /** node_exporter, 9100. */
    exporter: portSchema,
    /** The Proxmox VE web interface, 8006. */
    proxmox: portSchema,
    /** A port where nothing listens on any usual host: "refused" shows that its kernel is alive. */
    unused: portSchema,
  }),
  /** First line that the ssh server sends, at most 255 bytes; empty when it sends none in time. */
  sshBanner: z.string(),
  /** GET /metrics at the exporter. `answered`: status 200 with text in the exposition format. */
  metrics: z.object({
    outcome: z.enum(['answered', 'other-status', 'other-content', 'no-answer', 'not-asked']),
    status: z.number().int().optional(),
    milliseconds,
  }),
  /** What the kernel of the asking machine knows of the way to the address; absent where nothing was asked, or ip(8) is missing. */
  way: z
    .object({
      /** `direct`: the host is in one network with the asking machine. `local`: it is the asking machine. `none`: the kernel knows no way. */
      route: z.enum(['direct', 'gateway', 'local', 'none', 'not-known']),
      interface: z.string().optional(),
      gateway: z.string().optional(),
      /** Whether, on a direct way, somebody answered the question who has the address (ARP, or neighbour discovery) just now. `old`: the answer is from before. */
      linkAnswer: z.enum(['answered', 'no-answer', 'old', 'not-known']),
    })
    .optional(),
  /** What is known of the host from watching others; absent where nobody watches. */
  others: z
    .object({
      /** Watched hosts that share something with it, and whether they themselves answered within the last two minutes. */
      neighbours: z.array(z.object({ host: z.string(), shares: z.string(), kind: z.enum(['switch', 'cluster', 'power', 'site', 'node']), answers: z.boolean() })),
      /** What its Proxmox VE cluster says of it, asked at another node. */
      cluster: z.object({ node: z.string(), online: z.boolean(), secondsAgo: z.number() }).optional(),
    })
    .optional(),
  /** Is it the asking machine that is offline? Only what its own configuration names is asked. */
  here: z.object({
    /** Interfaces besides loopback that are up and have an address. */
    interfacesUp: z.array(z.string()),
    /** Absent when this machine has none, or does not tell. */
    defaultGateway: z.object({ address: z.string(), ping: pingSchema }).optional(),
    /** `answers`: it sent any reply to a DNS question. */
    resolvers: z.array(z.object({ address: z.string(), answers: z.boolean() })),
  }),
});
export type Reachability = z.infer<typeof reachabilitySchema>;
/** What is known of a host from watching others. */
export type OthersSeen = NonNullable<Reachability['others']>;
