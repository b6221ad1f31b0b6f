/** A guest of a watched node, as its hypervisor knows it. */
export interface DiscoveredGuest {
  /** The node, by its name in the settings. */
  readonly host: string;
  /** `qemu/100`, `lxc/101` */
  readonly object: string;
  readonly name?: string;
  readonly running: boolean;
  /** Of its network cards: lower case, with colons. */
  readonly macs: readonly string[];
  /** By its configuration and by what its agent says; without prefix. */
  readonly addresses: readonly string[];
  /** SMBIOS' system UUID, lower case. */
  readonly uuid?: string;
  /** Storages that its disks are on. */
  readonly storages: readonly string[];
}

/** What a hypervisor's API says of what stands on what. */
export interface Inventory {
  readonly cluster?: { readonly name: string; readonly hosts: readonly string[] };
  /** Storages that several nodes share. */
  readonly sharedStorages: readonly { readonly name: string; readonly hosts: readonly string[] }[];
  readonly guests: readonly DiscoveredGuest[];
}
