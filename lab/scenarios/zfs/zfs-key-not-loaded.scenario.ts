import { defineScenario, type Host } from '../../define.ts';
import { makeDataset, makePool, makeVmDisk } from '../../loads/pool.ts';

interface Variant {
  readonly prepare: (host: Host) => Promise<void>;
  /** What the user has noticed. */
  readonly symptom: string;
}

/** A storage of guests on an encrypted dataset, and a VM with its disk there. */
async function guestsOnEncryptedDataset(host: Host): Promise<void> {
  await makeDataset(host, 'tank/secret', { encryption: true });
  await makeVmDisk(host, 103, { parent: 'tank/secret' });
  await host.run(`printf '\\nzfspool: secret\\n\\tpool tank/secret\\n\\tcontent images,rootdir\\n\\tmountpoint /tank/secret\\n\\tnodes pve1\\n' >>/etc/pve/storage.cfg
    sed -i 's/^scsi0: tank:vm-103/scsi0: secret:vm-103/' /etc/pve/qemu-server/103.conf
    zfs set keylocation=prompt keyformat=passphrase tank/secret 2>/dev/null || printf 'a passphrase\\na passphrase\\n' | zfs change-key -o keyformat=passphrase -o keylocation=prompt tank/secret
    udevadm settle; zfs unmount tank/secret; zfs unload-key -r tank/secret`);
}

/** A folder of backups whose key lies on a stick that is not plugged in. */
async function backupsOnEncryptedDataset(host: Host): Promise<void> {
  const folder = await makeDataset(host, 'tank/vault', { encryption: true });
  await host.run(`head -c 5000000 /dev/urandom >${folder}/vzdump-qemu-100.vma.zst
    printf '\\ndir: vault\\n\\tpath ${folder}\\n\\tcontent backup\\n\\tis_mountpoint 1\\n' >>/etc/pve/storage.cfg
    zfs set keylocation=file:///media/stick/vault.key tank/vault; zfs unmount tank/vault; zfs unload-key -r tank/vault`);
}

export default defineScenario<Variant>({
  name: 'zfs-key-not-loaded',
  subject: 'zfs',
  kind: 'fault',
  why: 'After a reboot the key of an encrypted dataset is not loaded: nobody has typed the passphrase, or the stick with the key is not plugged in. The pool is healthy, but guests with disks there do not start, or backups find no folder, which is what the user says.',
  weight: 'light',
  variants: {
    'guests-behind-a-passphrase': { prepare: guestsOnEncryptedDataset, symptom: 'guest-down' },
    'backups-behind-a-key-file': { prepare: backupsOnEncryptedDataset, symptom: 'backup-missed' },
  },
  inject: async (host, { prepare }) => {
    await makePool(host, { layout: 'mirror', disks: ['data1', 'data2'] });
    await prepare(host);
  },
  check: async (host) => {
    const locked = (await host.run("zfs get -H -o name,value keystatus | awk '$2 == \"unavailable\"' | wc -l")).trim();
    return Number(locked) > 0 ? undefined : 'all keys are loaded';
  },
  look: (_, { symptom }) => ({ symptoms: [symptom] }),
  truth: { first: ['zfs-key-not-loaded'], objects: { 'zfs-key-not-loaded': 'tank/' }, never: ['zpool-not-imported', 'dataset-quota-reached'] },
});
