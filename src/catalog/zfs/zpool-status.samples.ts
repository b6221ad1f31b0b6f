/** Recorded answers of `zpool status`. */

export const scrubRunning23 = `{"output_version":{"command":"zpool status","vers_major":0,"vers_minor":1},"pools":{"tank":{"name":"tank","state":"ONLINE","pool_guid":9517257849083682341,"txg":18,"spa_version":5000,"zpl_version":5,"scan_stats":{"function":"SCRUB","state":"SCANNING","start_time":1795402157,"end_time":0,"to_examine":21268480,"examined":21268480,"skipped":59904,"processed":0,"errors":0,"bytes_per_scan":0,"pass_start":1795402157,"scrub_pause":0,"scrub_spent_paused":0,"issued_bytes_per_scan":8957440,"issued":8957440},"vdevs":{"tank":{"name":"tank","vdev_type":"root","guid":9517257849083682341,"class":"normal","state":"ONLINE","alloc_space":21328384,"total_space":2013265920,"def_space":2013265920,"read_errors":0,"write_errors":0,"checksum_errors":0,"vdevs":{"mirror-0":{"name":"mirror-0","vdev_type":"mirror","guid":9310567470378892798,"class":"normal","state":"ONLINE","alloc_space":21328384,"total_space":2013265920,"def_space":2013265920,"rep_dev_size":2013265920,"read_errors":0,"write_errors":0,"checksum_errors":0,"vdevs":{"/dev/vdb1":{"name":"/dev/vdb1","vdev_type":"disk","guid":7935508755980027561,"path":"/dev/vdb1","class":"normal","state":"ONLINE","rep_dev_size":2017984512,"phys_space":2136997888,"read_errors":0,"write_errors":0,"checksum_errors":0,"slow_ios":0},"/dev/vdc1":{"name":"/dev/vdc1","vdev_type":"disk","guid":18109084765465585548,"path":"/dev/vdc1","class":"normal","state":"ONLINE","rep_dev_size":2017984512,"phys_space":2136997888,"read_errors":0,"write_errors":0,"checksum_errors":0,"slow_ios":0}}}}}},"error_count":0}}}`;

export const degraded23 = scrubRunning23
  .replace('"state":"ONLINE","pool_guid"', '"state":"DEGRADED","pool_guid"')
  .replace('"scan_stats":{"function":"SCRUB","state":"SCANNING","start_time":1795402157,"end_time":0', '"status":"One or more devices has been taken offline by the administrator.\\n\\tSufficient replicas exist for the pool to continue functioning in a\\n\\tdegraded state.\\n","scan_stats":{"function":"SCRUB","state":"FINISHED","start_time":1795402157,"end_time":1795402158')
  .replace('"path":"/dev/vdc1","class":"normal","state":"ONLINE"', '"path":"/dev/vdc1","class":"normal","state":"OFFLINE"');

export const twoPools21 = `  pool: backup
 state: ONLINE
config:

	NAME               STATE     READ WRITE CKSUM  SLOW
	backup             ONLINE       0     0     0     0
	  /dev/shm/hm.img  ONLINE       0     0     0     0

errors: No known data errors

  pool: tank
 state: DEGRADED
status: One or more devices has been taken offline by the administrator.
	Sufficient replicas exist for the pool to continue functioning in a
	degraded state.
action: Online the device using 'zpool online' or replace the device with
	'zpool replace'.
  scan: scrub repaired 0B in 00:00:02 with 0 errors on Mon Nov 23 02:49:28 2026
config:

	NAME           STATE     READ WRITE CKSUM  SLOW
	tank           DEGRADED     0     0     0     0
	  mirror-0     DEGRADED     0     0     0     0
	    /dev/vdb1  ONLINE       0     0     0     0
	    /dev/vdc1  OFFLINE      0     0     0     0

errors: No known data errors
`;

export const scrubRunning21 = `  pool: tank
 state: ONLINE
  scan: scrub in progress since Mon Nov 23 02:49:26 2026
	20.3M scanned at 20.3M/s, 52.5K issued at 52.5K/s, 20.3M total
	0B repaired, 0.25% done, no estimated completion time
config:

	NAME           STATE     READ WRITE CKSUM  SLOW
	tank           ONLINE       0     0     0     0
	  mirror-0     ONLINE       0     0     0     0
	    /dev/vdb1  ONLINE       0     0     0     0
	    /dev/vdc1  ONLINE       0     0     0     0

errors: No known data errors
`;

/** After the layout of the source's print functions (cmd/zpool/zpool_main.c, 2.1): spare in use, log, cache, errors. */
export const complicated21 = `  pool: rpool
 state: DEGRADED
status: One or more devices could not be used because the label is missing or
	invalid.  Sufficient replicas exist for the pool to continue
	functioning in a degraded state.
action: Replace the device using 'zpool replace'.
   see: https://openzfs.github.io/openzfs-docs/msg/ZFS-8000-4J
  scan: resilver in progress since Sun Jun  7 10:00:00 2026
	1.20T scanned at 500M/s, 600G issued at 250M/s, 2.00T total
	300G resilvered, 29.30% done, 01:40:00 to go
config:

	NAME                                      STATE     READ WRITE CKSUM  SLOW
	rpool                                     DEGRADED     0     0     0     0
	  raidz1-0                                DEGRADED     0     0     0     0
	    /dev/disk/by-id/ata-DISK_A-part3      ONLINE       0     0    12     0
	    spare-1                               DEGRADED     0     0     0     0
	      12345678901234567890                UNAVAIL      3     1     0     0  was /dev/disk/by-id/ata-DISK_B-part3
	      /dev/disk/by-id/ata-DISK_S          ONLINE       0     0     0     0  (resilvering)
	    /dev/disk/by-id/ata-DISK_C-part3      ONLINE       0     0     0     7
	logs
	  /dev/disk/by-id/nvme-LOG-part1          ONLINE       0     0     0     0
	cache
	  /dev/disk/by-id/nvme-LOG-part2          ONLINE       0     0     0     0
	spares
	  /dev/disk/by-id/ata-DISK_S              INUSE     currently in use

errors: 5 data errors, use '-v' for a list
`;

/** One disk at a quarter of a TRIM, one that does not know TRIM. */
export const trimming23 = scrubRunning23
  .replace('"slow_ios":0}', '"slow_ios":0,"trim_notsup":0,"trim_state":"ACTIVE","trimmed":500000000,"to_trim":2000000000,"trim_time":1795402100,"trim_errors":0}')
  .replace('"slow_ios":0}', '"slow_ios":0,"trim_notsup":1}');

export const trimming21 = `  pool: tank
 state: ONLINE
config:

	NAME           STATE     READ WRITE CKSUM  SLOW
	tank           ONLINE       0     0     0     0
	  mirror-0     ONLINE       0     0     0     0
	    /dev/sda1  ONLINE       0     0     0     0  (trimming)
	    /dev/sdb1  ONLINE       0     0     0     0  (trimming)

errors: No known data errors
`;
