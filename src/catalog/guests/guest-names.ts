/** What runs a guest, as in the first word of its object: `qemu/100`, `lxc/101`, `libvirt/web`, `nspawn/build`. */
export type GuestKind = 'qemu' | 'lxc' | 'libvirt' | 'nspawn';

export interface GuestName {
  readonly object: string;
  readonly kind: GuestKind;
  readonly name: string;
}

/** Undoes systemd's escaping of unit names (systemd.unit(5)): `web\x2d1` is `web-1`. */
function unescapeUnitName(text: string): string {
  return text.replace(/\\x([0-9a-f]{2})/g, (_, digits: string) => String.fromCharCode(Number.parseInt(digits, 16)));
}

const layouts: readonly { readonly pattern: RegExp; readonly kind: GuestKind }[] = [
  // Proxmox VE
  { pattern: /(?:^|\/)qemu\.slice\/(\d{1,9})\.scope(?:\/|$)/, kind: 'qemu' },
  { pattern: /^\/?lxc(?:\.monitor)?\/([^/]{1,200})(?:\/|$)/, kind: 'lxc' },
  // LXC by itself
  { pattern: /(?:^|\/)lxc\.(?:payload|monitor)[./]([^/]{1,200})(?:\/|$)/, kind: 'lxc' },
  // libvirt with systemd, and without
  { pattern: /(?:^|\/)machine\.slice\/machine-(?:qemu|lxc)-\d{1,9}-([^/]{1,200})\.scope(?:\/|$)/, kind: 'libvirt' },
  { pattern: /(?:^|\/)machine\/qemu-\d{1,9}-([^/]{1,200})\.libvirt-qemu(?:\/|$)/, kind: 'libvirt' },
  { pattern: /(?:^|\/)machine\.slice\/systemd-nspawn@([^/]{1,200})\.service(?:\/|$)/, kind: 'nspawn' },
  { pattern: /(?:^|\/)machine\.slice\/machine-([^/]{1,200})\.scope(?:\/|$)/, kind: 'nspawn' },
];

/** The guest that a control group belongs to, by where the tools put theirs; undefined for all other groups. */
export function guestOfControlGroup(path: string): GuestName | undefined {
  const unescaped = unescapeUnitName(path.slice(0, 1000));
  for (const { pattern, kind } of layouts) {
    const name = pattern.exec(unescaped)?.[1];
    if (name !== undefined) return { object: `${kind}/${name}`, kind, name };
  }
  return undefined;
}
