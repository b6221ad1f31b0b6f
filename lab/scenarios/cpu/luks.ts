import type { Host } from '../../define.ts';

/** An encrypted disk with a file system for the images of the VMs, at /mnt/secure. ZFS and containers are no longer in the machine's settings. */
export async function makeEncryptedDisk(host: Host, disk = '/dev/vdb'): Promise<void> {
  await host.run(
    `set -e
    head -c 64 /dev/urandom > /run/secure.key
    cryptsetup luksFormat -q --type luks2 --cipher aes-xts-plain64 --key-size 512 --pbkdf pbkdf2 --pbkdf-force-iterations 1000 --key-file /run/secure.key ${disk}
    cryptsetup open --key-file /run/secure.key ${disk} secure
    mkfs.ext4 -q -E lazy_itable_init=1,lazy_journal_init=1 /dev/mapper/secure
    mkdir -p /mnt/secure
    mount /dev/mapper/secure /mnt/secure
    mkdir -p /mnt/secure/images/100 /mnt/secure/images/103
    awk -v RS= -v ORS='\\n\\n' '!/^zfspool: /' /etc/pve/storage.cfg > /run/storage.cfg
    printf 'dir: secure\\n\\tpath /mnt/secure\\n\\tcontent images\\n\\n' >> /run/storage.cfg
    cat /run/storage.cfg > /etc/pve/storage.cfg
    sed -i 's,^scsi0: tank:vm-\\([0-9]*\\)-disk-0,scsi0: secure:\\1/vm-\\1-disk-0.raw,' /etc/pve/nodes/pve1/qemu-server/*.conf
    rm -f /etc/pve/nodes/pve1/lxc/*.conf`,
    { timeoutSeconds: 120 },
  );
}

/** Guests, or the host alone, write to the encrypted disk, a burst at a time with some thought between. */
export async function writeToEncryptedDisk(host: Host, writers: 'guests' | 'copy', thinkSeconds = 0.1): Promise<void> {
  const fio = (file: string): string =>
    `exec fio --output=/run/lab/$RANDOM.fio --name=disk --filename=/mnt/secure/${file} --size=200m --rw=write --bs=1m --fsync=8 --ioengine=psync --fallocate=none --time_based --runtime=900 --thinktime=${Math.round(thinkSeconds * 1e6)} --thinktime_blocks=8`;
  if (writers === 'copy') return host.start('copy', fio('image.raw'));
  await host.start('guest-100', fio('images/100/vm-100-disk-0.raw'), { guest: 'qemu/100' });
  await host.start('guest-103', fio('images/103/vm-103-disk-0.raw'), { guest: 'qemu/103' });
}

/** The driver that computes xts(aes): the one of the highest priority that anything may use. */
export async function xtsDriver(host: Host): Promise<string> {
  const text = await host.run(`awk -F '[ \\t]*: ' '$1 == "name" { name = $2; internal = "no" } $1 == "driver" { driver = $2 } $1 == "priority" { priority = $2 } $1 == "internal" { internal = $2 }
    $1 == "type" && name == "xts(aes)" && internal == "no" { print priority, driver }' /proc/crypto | sort -n | tail -n 1`);
  return text.trim().split(' ')[1] ?? '';
}

/** Per cent of one processor's time that dm-crypt's threads took within some seconds. A worker's name changes with what it does, so all workers count. */
export async function workersPercent(host: Host, seconds = 10): Promise<number> {
  const text = await host.run(`ticks() { cat /proc/[0-9]*/stat 2>/dev/null | sed 's/ (\\(kworker\\|dmcrypt_write\\)[^)]*)/ (\\1)/' | awk '$2 ~ /^\\((kworker|dmcrypt)/ { sum += $14 + $15 } END { print sum + 0 }'; }
    read -r from _ < /proc/uptime; before=$(ticks); sleep ${seconds}; read -r to _ < /proc/uptime; after=$(ticks)
    awk -v t="$((after - before))" -v s="$from" -v e="$to" 'BEGIN { print t / (e - s) }'`);
  return Number(text);
}
