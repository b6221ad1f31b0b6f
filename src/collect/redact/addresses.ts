import { isIPv6 } from 'node:net';
import { publicDomains } from './names.ts';
import type { Replacements } from './replacements.ts';

/** Replaces mail, IP and MAC addresses and UUIDs. Loopback, unspecified, multicast and netmask-like addresses say nothing and stay. */
export function redactAddresses(text: string, replacements: Replacements): string {
  return text
    .replace(mail, (found) => (unit.test(found) || publicDomains.test(found.slice(found.indexOf('@') + 1)) ? found : replacements.of('mail', found)))
    .replace(uuid, (found) => (/^[0-]+$/.test(found) ? found : replacements.of('uuid', found)))
    .replace(longHex, (found) => (/^0+1?$/.test(found) ? found : replacements.of('hex', found)))
    .replace(mac, (found) => (/^(?:00|ff|:)+$/i.test(found) ? found : replacements.of('mac', found)))
    .replace(ipv6, (found) => (isIPv6(found) && !/^(?:::1?|ff0.:.*|64:ff9b::)$/i.test(found) ? replacements.of('ipv6', found) : found))
    .replace(ipv4, (found) => ipv4Replacement(found, replacements));
}

const mail = /(?<![A-Za-z0-9._%+-])[A-Za-z0-9._%+-]{1,64}@[A-Za-z0-9](?:[A-Za-z0-9-]{0,62}\.){1,8}[A-Za-z]{2,24}(?![A-Za-z0-9-])/g;
/** An instance of a systemd unit looks like a mail address. */
const unit = /\.(?:service|socket|timer|mount|automount|scope|slice|target|device|path|swap)$/;
const uuid = /(?<![0-9A-Za-z])[0-9a-fA-F]{8}(?:-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}(?![0-9A-Za-z])/g;
/** A machine id, or an IPv6 address as /proc/net/if_inet6 writes it. */
const longHex = /(?<![0-9A-Za-z])[0-9a-f]{32}(?![0-9A-Za-z])/g;
/** Of six bytes, or eight as SAS and InfiniBand have them. */
const mac = /(?<![0-9A-Za-z:])[0-9A-Fa-f]{2}(?:(?::[0-9A-Fa-f]{2}){7}|(?::[0-9A-Fa-f]{2}){5})(?![0-9A-Za-z:])/g;
const ipv6 = /(?<![0-9A-Za-z:.])(?:[0-9A-Fa-f]{0,4}:){2,7}[0-9A-Fa-f]{0,4}(?![0-9A-Za-z:])/g;
/** Four numbers, unless they are the middle of a version such as v1.2.3.4 or 1.2.3.4-5. */
const ipv4 = /(?<![0-9.vV]|[0-9]-)(?:\d{1,3}\.){3}\d{1,3}(?![0-9]|\.[0-9]|[-~+][0-9])/g;

function ipv4Replacement(found: string, replacements: Replacements): string {
  const bytes = found.split('.').map(Number);
  const first = bytes[0]!;
  if (bytes.some((byte) => byte > 255) || first === 0 || first === 127 || first >= 224) return found;
  return `${replacements.of('network', bytes.slice(0, 3).join('.'))}.${bytes[3]}`;
}
