import { isIP } from 'node:net';
import type { z } from 'zod';
import { propertyString } from '../../../lib/property-string.ts';
import type { agentInterfacesSchema, containerInterfacesSchema, GuestConfig } from './schemas.ts';

/** What the configuration and the agent of a guest tell of who it is. */
export interface GuestIdentity {
  readonly onBoot: boolean;
  readonly macs: readonly string[];
  readonly addresses: readonly string[];
  readonly uuid?: string;
  readonly storages: readonly string[];
  /** Whether its agent may be asked. */
  readonly agent: boolean;
}

const mac = /^[0-9a-f]{2}(:[0-9a-f]{2}){5}$/;

function addressOf(text: string | undefined): string[] {
  const address = (text ?? '').split('/', 1)[0]!.split('%', 1)[0]!.toLowerCase();
  return isIP(address) === 0 || address === '::1' || address.startsWith('127.') || address.startsWith('fe80:') ? [] : [address];
}

/** Reads the configuration of a VM or a container. */
export function identityOf(config: GuestConfig): GuestIdentity {
  const values = Object.entries(config).slice(0, 500).map(([key, value]) => [key, typeof value === 'boolean' ? String(Number(value)) : String(value)] as const);
  const those = (key: RegExp): Map<string, string>[] => values.filter(([name]) => key.test(name)).map(([, value]) => propertyString(value));
  const nets = those(/^net\d{1,2}$/);
  const disks = those(/^(scsi|virtio|sata|ide|mp)\d{1,3}$|^rootfs$/).filter((disk) => disk.get('media') !== 'cdrom');
  const uuid = those(/^smbios1$/)[0]?.get('uuid')?.toLowerCase();
  const value = (name: string): string | undefined => values.find(([key]) => key === name)?.[1];
  const agent = propertyString(value('agent') ?? '');
  return {
    onBoot: value('onboot') === '1',
    macs: [...new Set(nets.flatMap((net) => [...net.values()].map((one) => one.toLowerCase()).filter((one) => mac.test(one))))],
    addresses: [...new Set([...nets, ...those(/^ipconfig\d{1,2}$/)].flatMap((net) => [...addressOf(net.get('ip')), ...addressOf(net.get('ip6'))]))],
    ...(uuid !== undefined && /^[0-9a-f-]{36}$/.test(uuid) ? { uuid } : {}),
    storages: [...new Set(disks.map((disk) => disk.get('') ?? disk.get('file') ?? disk.get('volume') ?? '').filter((volume) => /^[A-Za-z][\w.-]*:/.test(volume)).map((volume) => volume.slice(0, volume.indexOf(':'))))],
    agent: (agent.get('') ?? agent.get('enabled')) === '1',
  };
}

/** Addresses that a guest's agent knows. */
export function agentAddresses({ result }: z.infer<typeof agentInterfacesSchema>): string[] {
  return [...new Set(result.flatMap((one) => (one['ip-addresses'] ?? []).flatMap((address) => addressOf(address['ip-address']))))];
}

/** Addresses of a container that runs. */
export function containerAddresses(interfaces: z.infer<typeof containerInterfacesSchema>): string[] {
  return [...new Set(interfaces.flatMap(({ inet, inet6 }) => [...addressOf(inet), ...addressOf(inet6)]))];
}
