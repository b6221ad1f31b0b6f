/** Names and serial numbers that a case shows, found by the shapes that say what they are. */
export interface Tokens {
  readonly hosts: ReadonlySet<string>;
  readonly guests: ReadonlySet<string>;
  readonly users: ReadonlySet<string>;
  readonly serials: ReadonlySet<string>;
}

const maxTokens = 400;

/** Words that are nobody's own, and that occur in texts for other reasons: replacing them would change what a text says. */
const commonWords = new Set(
  (
    'pve proxmox debian ubuntu linux localhost host node server root admin user guest kernel local none null true false default data disk backup ' +
    'storage rpool tank zfs lvm lvs ext4 xfs btrfs nfs cifs ceph iscsi vm lxc ct qemu kvm net eth0 lo vmbr0 up down unknown online offline ' +
    'running stopped name test main system swap boot home cpu memory'
  ).split(' '),
);

const hostPatterns = [
  /"(?:hostname|nodename|node|host)"\s{0,8}:\s{0,8}"([^"\\]{1,253})"/gi,
  /==> (?:\/etc\/hostname|\/proc\/sys\/kernel\/hostname) <==\n(\S{1,253})/g,
  /\/etc\/pve\/nodes\/([A-Za-z0-9-]{1,63})/g,
  /\bUPID:([A-Za-z0-9-]{1,63}):/g,
  /"([A-Za-z0-9-]{1,63})"\s{0,8}:\s{0,8}\{\s{0,8}"id"\s{0,8}:\s{0,8}\d+,\s{0,8}"online"/g,
  /"cluster"\s{0,8}:\s{0,8}\{\s{0,8}"name"\s{0,8}:\s{0,8}"([^"\\]{1,63})"/g,
  /^(?:hostname=|own )([A-Za-z0-9][A-Za-z0-9.-]{0,252})\b/gm,
  /^(?:mount|server)\t[^\t\n]{1,40}\t([A-Za-z0-9][A-Za-z0-9.-]{0,252})\t/gm,
  /^[ \t]{1,8}nodes?[ \t]{1,8}([A-Za-z0-9][A-Za-z0-9,-]{0,252})$/gm,
  /^(?:[A-Z][a-z]{2} [ \d]\d \d\d:\d\d:\d\d|\d{4}-\d\d-\d\dT[0-9:.+-]{8,24}) ([A-Za-z0-9][A-Za-z0-9.-]{0,252}) [A-Za-z][^\n:]{0,60}: /gm,
  /^Linux ([A-Za-z0-9][A-Za-z0-9.-]{0,252}) \d+\.\d+/gm,
  /^[ \t]{1,8}(?:server|portal|monhost)[ \t]{1,8}([A-Za-z0-9][A-Za-z0-9.-]{0,252})$/gm,
  /^([A-Za-z0-9][A-Za-z0-9.-]{0,252}):\/\S* \S+ (?:nfs|nfs4|cifs|ceph|fuse\.sshfs)\b/gm,
];
const domainPattern =
  /(?<![A-Za-z0-9.@-])(?:[A-Za-z0-9](?:[A-Za-z0-9-]{0,62})\.){1,6}(?:com|net|org|info|de|at|ch|eu|io|fr|uk|nl|be|it|es|pl|cz|se|no|dk|us|local|lan|home|internal|intern|corp|localdomain|test|example|invalid)(?![A-Za-z0-9-]|\.[A-Za-z0-9])/g;
/** Domains of those who make the software, not of those who run it. */
export const publicDomains = /(?:^|\.)(?:proxmox\.com|debian\.org|ubuntu\.com|kernel\.org|openzfs\.org|github\.com|freedesktop\.org|gnu\.org|mozilla\.org|launchpad\.net|redhat\.com|lwn\.net|example\.(?:com|net|org))$/i;

const guestPatterns = [
  /(?:^|\.conf:)(?:name|hostname): ?([A-Za-z0-9][A-Za-z0-9._-]{0,62})[ \t\r]{0,8}$/gm,
  /\blxc\.uts\.name = ([A-Za-z0-9][A-Za-z0-9._-]{0,62})[ \t\r]{0,8}$/gm,
  /:\s{0,8}<name>([^<>\n]{1,63})<\/name>/g,
  /^name \d{1,10} ([A-Za-z0-9][A-Za-z0-9._-]{0,62})$/gm,
  /\/var\/lib\/lxc\/([A-Za-z0-9][A-Za-z0-9._-]{0,62})\//g,
  /\/etc\/libvirt\/qemu\/(?:autostart\/)?([A-Za-z0-9][A-Za-z0-9_-]{0,62})\.xml/g,
  /\blxc\.payload\.([A-Za-z0-9][A-Za-z0-9_-]{0,62})/g,
  /\bsystemd-nspawn@([A-Za-z0-9][A-Za-z0-9_-]{0,62})\.service/g,
  /"(?:guest|vmname)"\s{0,8}:\s{0,8}"([^"\\]{1,63})"/g,
];

const serialPatterns = [
  /"(?:serial|serial_number|serialnumber|sn|wwn|wwid|eui64|nguid|ID_SERIAL|ID_SERIAL_SHORT|ID_WWN)"\s{0,8}:\s{0,8}"([^"\\]{1,128})"/gi,
  /"wwn"\s{0,8}:\s{0,8}\{[^{}]{0,200}"id"\s{0,8}:\s{0,8}(\d{1,20})/g,
  /\bSerial [Nn]umber:[ \t]{0,40}(\S{1,128})/g,
  /\b(?:ID_SERIAL|ID_SERIAL_SHORT|ID_WWN|[Ss]erial)=(\S{1,128})/g,
  /==> \S{0,200}\/(?:serial|wwid|wwn|eui|nguid|uuid|product_serial|board_serial|chassis_serial|machine-id) <==\n([^\n]{1,200})$/gm,
  /\b(?:wwn-0x|eui\.|naa\.|nvme\.)([0-9A-Fa-f]{16,64})/g,
  /\b[Ww][Ww][Nn](?: Device Id)?[:=][ \t]{0,40}((?:0x)?[0-9A-Fa-f]{16}|[0-9A-Fa-f] [0-9A-Fa-f]{6} [0-9A-Fa-f]{9})\b/g,
];

const userPatterns = [/\/home\/([A-Za-z_][A-Za-z0-9._-]{0,31})/g, /\/run\/user\/([A-Za-z_][A-Za-z0-9._-]{0,31})/g];

/** Finds what names a host, a guest, a user or a device in these texts. */
export function findTokens(texts: readonly string[], targetHost: string | undefined): Tokens {
  const hosts = collect(texts, hostPatterns);
  for (const text of texts) {
    for (const [domain] of text.matchAll(domainPattern)) if (!publicDomains.test(domain)) hosts.add(domain);
  }
  if (targetHost !== undefined) hosts.add(targetHost);
  for (const host of hosts) if (/[A-Za-z]/.test(host) && host.includes('.')) hosts.add(host.slice(0, host.indexOf('.')));
  return {
    hosts: ownNames(hosts),
    guests: ownNames(collect(texts, guestPatterns)),
    users: ownNames(collect(texts, userPatterns)),
    serials: new Set([...collect(texts, serialPatterns)].filter((serial) => serial.length >= 5 && /\d/.test(serial) && !/^0+$/.test(serial)).slice(0, maxTokens)),
  };
}

function collect(texts: readonly string[], patterns: readonly RegExp[]): Set<string> {
  const found = new Set<string>();
  for (const text of texts) {
    for (const pattern of patterns) for (const match of text.matchAll(pattern)) for (const name of match[1]!.split(',')) found.add(name.trim());
  }
  return found;
}

function ownNames(found: ReadonlySet<string>): Set<string> {
  const isOwn = (name: string): boolean => name.length >= 3 && /[A-Za-z]/.test(name) && !commonWords.has(name.toLowerCase());
  return new Set([...found].filter(isOwn).slice(0, maxTokens));
}
