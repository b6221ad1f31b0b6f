// Written by `npm run generate`; do not edit.
import type { AnyProbe } from '../define/probe.ts';
import type { Fact } from '../define/fact.ts';
import type { Symptom } from '../define/symptom.ts';
import type { Hypothesis } from '../define/hypothesis.ts';
import type { Mitigation } from '../define/mitigation.ts';
import type { Experiment } from '../define/experiment.ts';
import type { Figure } from '../define/figure.ts';
import type { AlarmKind } from '../define/alarm-kind.ts';
import bootsProbe from './changes/boots.probe.ts';
import configuredSettingsProbe from './changes/configured-settings.probe.ts';
import editedFilesProbe from './changes/edited-files.probe.ts';
import loginsProbe from './changes/logins.probe.ts';
import packageLogProbe from './changes/package-log.probe.ts';
import poolHistoryProbe from './changes/pool-history.probe.ts';
import serviceStartsProbe from './changes/service-starts.probe.ts';
import taskHistoryProbe from './changes/task-history.probe.ts';
import timeZoneProbe from './changes/time-zone.probe.ts';
import acpiInterruptsProbe from './cpu/acpi-interrupts.probe.ts';
import clocksourceProbe from './cpu/clocksource.probe.ts';
import cpuInfoProbe from './cpu/cpu-info.probe.ts';
import cpuTimesProbe from './cpu/cpu-times.probe.ts';
import frequencyProbe from './cpu/frequency.probe.ts';
import interruptsProbe from './cpu/interrupts.probe.ts';
import kernelCryptoProbe from './cpu/kernel-crypto.probe.ts';
import loadAverageProbe from './cpu/load-average.probe.ts';
import pressureProbe from './cpu/pressure.probe.ts';
import softirqsProbe from './cpu/softirqs.probe.ts';
import splitLockSettingProbe from './cpu/split-lock-setting.probe.ts';
import temperaturesProbe from './cpu/temperatures.probe.ts';
import thermalThrottleProbe from './cpu/thermal-throttle.probe.ts';
import vulnerabilitiesProbe from './cpu/vulnerabilities.probe.ts';
import ataLinksProbe from './disk/ata-links.probe.ts';
import blockDevicesProbe from './disk/block-devices.probe.ts';
import blockQueuesProbe from './disk/block-queues.probe.ts';
import diskStatsProbe from './disk/disk-stats.probe.ts';
import mdArraysProbe from './disk/md-arrays.probe.ts';
import nvmeProbe from './disk/nvme.probe.ts';
import raidCachesProbe from './disk/raid-caches.probe.ts';
import smartProbe from './disk/smart.probe.ts';
import timedReadsProbe from './disk/timed-reads.probe.ts';
import filesystemUsageProbe from './filesystem/filesystem-usage.probe.ts';
import fstabProbe from './filesystem/fstab.probe.ts';
import lvmProbe from './filesystem/lvm.probe.ts';
import mountsProbe from './filesystem/mounts.probe.ts';
import networkMountsProbe from './filesystem/network-mounts.probe.ts';
import backupFreezesProbe from './guests/backup-freezes.probe.ts';
import backupJobsProbe from './guests/backup-jobs.probe.ts';
import backupProgressProbe from './guests/backup-progress.probe.ts';
import cephHealthProbe from './guests/ceph-health.probe.ts';
import chosenGuestProbe from './guests/chosen-guest.probe.ts';
import guestCgroupsProbe from './guests/guest-cgroups.probe.ts';
import guestConfigsProbe from './guests/guest-configs.probe.ts';
import guestProcessesProbe from './guests/guest-processes.probe.ts';
import guestRolesProbe from './guests/guest-roles.probe.ts';
import guestTasksProbe from './guests/guest-tasks.probe.ts';
import guestVolumesProbe from './guests/guest-volumes.probe.ts';
import managerReportsProbe from './guests/manager-reports.probe.ts';
import pmxcfsProbe from './guests/pmxcfs.probe.ts';
import proxmoxLogProbe from './guests/proxmox-log.probe.ts';
import proxmoxRrdProbe from './guests/proxmox-rrd.probe.ts';
import proxmoxProbe from './guests/proxmox.probe.ts';
import runningTasksProbe from './guests/running-tasks.probe.ts';
import askingClockProbe from './kernel/asking-clock.probe.ts';
import baselineDifferencesProbe from './kernel/baseline-differences.probe.ts';
import blockedTasksProbe from './kernel/blocked-tasks.probe.ts';
import bootHistoryProbe from './kernel/boot-history.probe.ts';
import clockProbe from './kernel/clock.probe.ts';
import commandLineProbe from './kernel/command-line.probe.ts';
import failedUnitsProbe from './kernel/failed-units.probe.ts';
import installedKernelsProbe from './kernel/installed-kernels.probe.ts';
import installedPackagesProbe from './kernel/installed-packages.probe.ts';
import kernelLogProbe from './kernel/kernel-log.probe.ts';
import managementLogProbe from './kernel/management-log.probe.ts';
import moduleParametersProbe from './kernel/module-parameters.probe.ts';
import osProbe from './kernel/os.probe.ts';
import prometheusHistoryProbe from './kernel/prometheus-history.probe.ts';
import sysstatHistoryProbe from './kernel/sysstat-history.probe.ts';
import taskIoProbe from './kernel/task-io.probe.ts';
import tasksProbe from './kernel/tasks.probe.ts';
import buddyInfoProbe from './memory/buddy-info.probe.ts';
import edacProbe from './memory/edac.probe.ts';
import ksmProbe from './memory/ksm.probe.ts';
import memoryInfoProbe from './memory/memory-info.probe.ts';
import numaProbe from './memory/numa.probe.ts';
import swapsProbe from './memory/swaps.probe.ts';
import transparentHugePagesProbe from './memory/transparent-huge-pages.probe.ts';
import vmStatProbe from './memory/vm-stat.probe.ts';
import ioUringWaitersProbe from './meter/io-uring-waiters.probe.ts';
import addressConflictsProbe from './network/address-conflicts.probe.ts';
import bondingProbe from './network/bonding.probe.ts';
import conntrackProbe from './network/conntrack.probe.ts';
import gatewayProbe from './network/gateway.probe.ts';
import interfacesFileProbe from './network/interfaces-file.probe.ts';
import linksProbe from './network/links.probe.ts';
import nameResolutionProbe from './network/name-resolution.probe.ts';
import nearConnectionsProbe from './network/near-connections.probe.ts';
import neighboursProbe from './network/neighbours.probe.ts';
import netDevProbe from './network/net-dev.probe.ts';
import netStatsProbe from './network/net-stats.probe.ts';
import nicSettingsProbe from './network/nic-settings.probe.ts';
import pciProbe from './network/pci.probe.ts';
import socketsProbe from './network/sockets.probe.ts';
import trafficControlProbe from './network/traffic-control.probe.ts';
import exporterProbe from './reach/exporter.probe.ts';
import reachabilityProbe from './reach/reachability.probe.ts';
import expectedPoolsProbe from './zfs/expected-pools.probe.ts';
import snapshotToolsProbe from './zfs/snapshot-tools.probe.ts';
import zfsArcProbe from './zfs/zfs-arc.probe.ts';
import zfsDatasetsProbe from './zfs/zfs-datasets.probe.ts';
import zfsDedupTablesProbe from './zfs/zfs-dedup-tables.probe.ts';
import zfsImplementationsProbe from './zfs/zfs-implementations.probe.ts';
import zfsParametersProbe from './zfs/zfs-parameters.probe.ts';
import zfsPoolKstatsProbe from './zfs/zfs-pool-kstats.probe.ts';
import zfsSimdProbe from './zfs/zfs-simd.probe.ts';
import zfsVersionProbe from './zfs/zfs-version.probe.ts';
import zpoolFeaturesProbe from './zfs/zpool-features.probe.ts';
import zpoolIostatProbe from './zfs/zpool-iostat.probe.ts';
import zpoolListProbe from './zfs/zpool-list.probe.ts';
import zpoolStatusProbe from './zfs/zpool-status.probe.ts';
import activityPatternFact from './changes/activity-pattern.fact.ts';
import attributionFact from './changes/attribution.fact.ts';
import changesFact from './changes/changes.fact.ts';
import dependenciesFact from './changes/dependencies.fact.ts';
import onsetFact from './changes/onset.fact.ts';
import cpuUsageFact from './cpu/cpu-usage.fact.ts';
import interruptRatesFact from './cpu/interrupt-rates.fact.ts';
import pressureNowFact from './cpu/pressure-now.fact.ts';
import throttlingFact from './cpu/throttling.fact.ts';
import controllersFact from './disk/controllers.fact.ts';
import diskActivityFact from './disk/disk-activity.fact.ts';
import diskComparisonFact from './disk/disk-comparison.fact.ts';
import diskHealthFact from './disk/disk-health.fact.ts';
import diskLogFact from './disk/disk-log.fact.ts';
import disksFact from './disk/disks.fact.ts';
import spaceFact from './filesystem/space.fact.ts';
import storagePlacesFact from './filesystem/storage-places.fact.ts';
import guestIoLimitsFact from './guests/guest-io-limits.fact.ts';
import guestIoFact from './guests/guest-io.fact.ts';
import guestStoragesFact from './guests/guest-storages.fact.ts';
import guestUsageFact from './guests/guest-usage.fact.ts';
import guestWorkFact from './guests/guest-work.fact.ts';
import guestsFact from './guests/guests.fact.ts';
import hardwareErrorsFact from './kernel/hardware-errors.fact.ts';
import historyFact from './kernel/history.fact.ts';
import hostIdentityFact from './kernel/host-identity.fact.ts';
import kernelLogEventsFact from './kernel/kernel-log-events.fact.ts';
import pcieEventsFact from './kernel/pcie-events.fact.ts';
import taskUsageFact from './kernel/task-usage.fact.ts';
import versionsFact from './kernel/versions.fact.ts';
import wayBackFact from './kernel/way-back.fact.ts';
import memoryUsageFact from './memory/memory-usage.fact.ts';
import oomEventsFact from './memory/oom-events.fact.ts';
import swapActivityFact from './memory/swap-activity.fact.ts';
import quietStorageFact from './meter/quiet-storage.fact.ts';
import networkActivityFact from './network/network-activity.fact.ts';
import networkEventsFact from './network/network-events.fact.ts';
import tcpQualityFact from './network/tcp-quality.fact.ts';
import busiestDatasetsFact from './zfs/busiest-datasets.fact.ts';
import encryptedPoolsFact from './zfs/encrypted-pools.fact.ts';
import lockedDatasetsFact from './zfs/locked-datasets.fact.ts';
import poolWritesFact from './zfs/pool-writes.fact.ts';
import zfsThreadsFact from './zfs/zfs-threads.fact.ts';
import zpoolsFact from './zfs/zpools.fact.ts';
import cpuPressureSymptom from './cpu/cpu-pressure.symptom.ts';
import highLoadSymptom from './cpu/high-load.symptom.ts';
import ioDelaySymptom from './cpu/io-delay.symptom.ts';
import deviceWarningSymptom from './disk/device-warning.symptom.ts';
import diskLatencySymptom from './disk/disk-latency.symptom.ts';
import spaceLowSymptom from './filesystem/space-low.symptom.ts';
import storageDownSymptom from './filesystem/storage-down.symptom.ts';
import backupMissedSymptom from './guests/backup-missed.symptom.ts';
import guestDownSymptom from './guests/guest-down.symptom.ts';
import guestSlowSymptom from './guests/guest-slow.symptom.ts';
import errorsLoggedSymptom from './kernel/errors-logged.symptom.ts';
import rebootedSymptom from './kernel/rebooted.symptom.ts';
import memoryPressureSymptom from './memory/memory-pressure.symptom.ts';
import networkErrorsSymptom from './network/network-errors.symptom.ts';
import targetMissingSymptom from './reach/target-missing.symptom.ts';
import unreachableSymptom from './reach/unreachable.symptom.ts';
import dataErrorsSymptom from './zfs/data-errors.symptom.ts';
import redundancyLostSymptom from './zfs/redundancy-lost.symptom.ts';
import avxDisabledByMitigationHypothesis from './cpu/avx-disabled-by-mitigation.hypothesis.ts';
import clocksourceSlowHypothesis from './cpu/clocksource-slow.hypothesis.ts';
import cpuFrequencyCappedHypothesis from './cpu/cpu-frequency-capped.hypothesis.ts';
import cpuLacksCryptoInstructionsHypothesis from './cpu/cpu-lacks-crypto-instructions.hypothesis.ts';
import cpuSaturatedHypothesis from './cpu/cpu-saturated.hypothesis.ts';
import cpuStealHypothesis from './cpu/cpu-steal.hypothesis.ts';
import cpuThermalThrottlingHypothesis from './cpu/cpu-thermal-throttling.hypothesis.ts';
import kernelCryptoUnacceleratedHypothesis from './cpu/kernel-crypto-unaccelerated.hypothesis.ts';
import machineCheckErrorsHypothesis from './cpu/machine-check-errors.hypothesis.ts';
import mitigationCostChangedHypothesis from './cpu/mitigation-cost-changed.hypothesis.ts';
import splitLockThrottlingHypothesis from './cpu/split-lock-throttling.hypothesis.ts';
import diskFailingHypothesis from './disk/disk-failing.hypothesis.ts';
import diskIoErrorsHypothesis from './disk/disk-io-errors.hypothesis.ts';
import diskSaturatedHypothesis from './disk/disk-saturated.hypothesis.ts';
import diskSlowHypothesis from './disk/disk-slow.hypothesis.ts';
import disksSlowTogetherHypothesis from './disk/disks-slow-together.hypothesis.ts';
import hbaFaultHypothesis from './disk/hba-fault.hypothesis.ts';
import nvmeControllerResetHypothesis from './disk/nvme-controller-reset.hypothesis.ts';
import raidCacheWriteThroughHypothesis from './disk/raid-cache-write-through.hypothesis.ts';
import sataLinkErrorsHypothesis from './disk/sata-link-errors.hypothesis.ts';
import smrDriveHypothesis from './disk/smr-drive.hypothesis.ts';
import ssdSlowSyncWritesHypothesis from './disk/ssd-slow-sync-writes.hypothesis.ts';
import ssdWornOutHypothesis from './disk/ssd-worn-out.hypothesis.ts';
import writeCacheDisabledHypothesis from './disk/write-cache-disabled.hypothesis.ts';
import filesystemFullHypothesis from './filesystem/filesystem-full.hypothesis.ts';
import filesystemReadOnlyHypothesis from './filesystem/filesystem-read-only.hypothesis.ts';
import inodesExhaustedHypothesis from './filesystem/inodes-exhausted.hypothesis.ts';
import lvmThinFullHypothesis from './filesystem/lvm-thin-full.hypothesis.ts';
import networkStorageUnreachableHypothesis from './filesystem/network-storage-unreachable.hypothesis.ts';
import backupJobRunningHypothesis from './guests/backup-job-running.hypothesis.ts';
import backupTargetSlowHypothesis from './guests/backup-target-slow.hypothesis.ts';
import cephSlowOpsHypothesis from './guests/ceph-slow-ops.hypothesis.ts';
import clusterNoQuorumHypothesis from './guests/cluster-no-quorum.hypothesis.ts';
import guestCpuHogHypothesis from './guests/guest-cpu-hog.hypothesis.ts';
import guestCpuLimitHypothesis from './guests/guest-cpu-limit.hypothesis.ts';
import guestFilesystemFrozenHypothesis from './guests/guest-filesystem-frozen.hypothesis.ts';
import guestIoHogHypothesis from './guests/guest-io-hog.hypothesis.ts';
import guestIoLimitHypothesis from './guests/guest-io-limit.hypothesis.ts';
import guestMemoryLimitHypothesis from './guests/guest-memory-limit.hypothesis.ts';
import guestPausedIoErrorHypothesis from './guests/guest-paused-io-error.hypothesis.ts';
import haFencingHypothesis from './guests/ha-fencing.hypothesis.ts';
import pmxcfsStuckHypothesis from './guests/pmxcfs-stuck.hypothesis.ts';
import pvestatdStuckHypothesis from './guests/pvestatd-stuck.hypothesis.ts';
import workloadGrewHypothesis from './guests/workload-grew.hypothesis.ts';
import clockSkewHypothesis from './kernel/clock-skew.hypothesis.ts';
import hungTasksHypothesis from './kernel/hung-tasks.hypothesis.ts';
import irqStormHypothesis from './kernel/irq-storm.hypothesis.ts';
import kernelOopsHypothesis from './kernel/kernel-oops.hypothesis.ts';
import kernelRegressionHypothesis from './kernel/kernel-regression.hypothesis.ts';
import pcieErrorsHypothesis from './kernel/pcie-errors.hypothesis.ts';
import pcieLinkDegradedHypothesis from './kernel/pcie-link-degraded.hypothesis.ts';
import rebootPendingHypothesis from './kernel/reboot-pending.hypothesis.ts';
import softLockupHypothesis from './kernel/soft-lockup.hypothesis.ts';
import unexpectedRebootHypothesis from './kernel/unexpected-reboot.hypothesis.ts';
import arcStarvesGuestsHypothesis from './memory/arc-starves-guests.hypothesis.ts';
import eccErrorsHypothesis from './memory/ecc-errors.hypothesis.ts';
import ksmOvercommitHypothesis from './memory/ksm-overcommit.hypothesis.ts';
import memoryBallooningHypothesis from './memory/memory-ballooning.hypothesis.ts';
import memoryExhaustedHypothesis from './memory/memory-exhausted.hypothesis.ts';
import memoryFragmentedHypothesis from './memory/memory-fragmented.hypothesis.ts';
import oomKillsHypothesis from './memory/oom-kills.hypothesis.ts';
import swapOnZvolHypothesis from './memory/swap-on-zvol.hypothesis.ts';
import swapThrashingHypothesis from './memory/swap-thrashing.hypothesis.ts';
import iowaitMeterWrongHypothesis from './meter/iowait-meter-wrong.hypothesis.ts';
import latencyMeterWrongHypothesis from './meter/latency-meter-wrong.hypothesis.ts';
import pressureMeterWrongHypothesis from './meter/pressure-meter-wrong.hypothesis.ts';
import bondDegradedHypothesis from './network/bond-degraded.hypothesis.ts';
import conntrackFullHypothesis from './network/conntrack-full.hypothesis.ts';
import dnsBrokenHypothesis from './network/dns-broken.hypothesis.ts';
import duplicateAddressHypothesis from './network/duplicate-address.hypothesis.ts';
import interfaceRenamedHypothesis from './network/interface-renamed.hypothesis.ts';
import mtuMismatchHypothesis from './network/mtu-mismatch.hypothesis.ts';
import neighbourTableFullHypothesis from './network/neighbour-table-full.hypothesis.ts';
import nicHangHypothesis from './network/nic-hang.hypothesis.ts';
import nicLinkDownshiftedHypothesis from './network/nic-link-downshifted.hypothesis.ts';
import nicLinkFlappingHypothesis from './network/nic-link-flapping.hypothesis.ts';
import packetLossHypothesis from './network/packet-loss.hypothesis.ts';
import exporterDownHypothesis from './reach/exporter-down.hypothesis.ts';
import hostDownHypothesis from './reach/host-down.hypothesis.ts';
import hostUnresponsiveHypothesis from './reach/host-unresponsive.hypothesis.ts';
import loginRefusedHypothesis from './reach/login-refused.hypothesis.ts';
import nameNotResolvedHypothesis from './reach/name-not-resolved.hypothesis.ts';
import networkUnreachableHypothesis from './reach/network-unreachable.hypothesis.ts';
import portFilteredHypothesis from './reach/port-filtered.hypothesis.ts';
import sshRefusedHypothesis from './reach/ssh-refused.hypothesis.ts';
import datasetQuotaReachedHypothesis from './zfs/dataset-quota-reached.hypothesis.ts';
import zfsAshiftMismatchHypothesis from './zfs/zfs-ashift-mismatch.hypothesis.ts';
import zfsCompressionCostlyHypothesis from './zfs/zfs-compression-costly.hypothesis.ts';
import zfsCryptoCcmHypothesis from './zfs/zfs-crypto-ccm.hypothesis.ts';
import zfsCryptoUnacceleratedHypothesis from './zfs/zfs-crypto-unaccelerated.hypothesis.ts';
import zfsDedupHypothesis from './zfs/zfs-dedup.hypothesis.ts';
import zfsKeyNotLoadedHypothesis from './zfs/zfs-key-not-loaded.hypothesis.ts';
import zfsResilverRunningHypothesis from './zfs/zfs-resilver-running.hypothesis.ts';
import zfsScrubRunningHypothesis from './zfs/zfs-scrub-running.hypothesis.ts';
import zfsTrimRunningHypothesis from './zfs/zfs-trim-running.hypothesis.ts';
import zfsTxgStalledHypothesis from './zfs/zfs-txg-stalled.hypothesis.ts';
import zfsWriteAmplificationHypothesis from './zfs/zfs-write-amplification.hypothesis.ts';
import zpoolChecksumErrorsHypothesis from './zfs/zpool-checksum-errors.hypothesis.ts';
import zpoolDegradedHypothesis from './zfs/zpool-degraded.hypothesis.ts';
import zpoolFullHypothesis from './zfs/zpool-full.hypothesis.ts';
import zpoolNotImportedHypothesis from './zfs/zpool-not-imported.hypothesis.ts';
import zpoolSpareUnavailableHypothesis from './zfs/zpool-spare-unavailable.hypothesis.ts';
import zpoolSuspendedHypothesis from './zfs/zpool-suspended.hypothesis.ts';
import findFaultyProcessorMitigation from './cpu/find-faulty-processor.mitigation.ts';
import getMoreProcessorTimeMitigation from './cpu/get-more-processor-time.mitigation.ts';
import improveCoolingMitigation from './cpu/improve-cooling.mitigation.ts';
import installMicrocodeMitigation from './cpu/install-microcode.mitigation.ts';
import liftFrequencyLimitMitigation from './cpu/lift-frequency-limit.mitigation.ts';
import loadCryptoDriverMitigation from './cpu/load-crypto-driver.mitigation.ts';
import repairClockMitigation from './cpu/repair-clock.mitigation.ts';
import silenceInterruptMitigation from './cpu/silence-interrupt.mitigation.ts';
import spreadTheLoadMitigation from './cpu/spread-the-load.mitigation.ts';
import stopSplitLockSlowdownMitigation from './cpu/stop-split-lock-slowdown.mitigation.ts';
import useCpuWithAvxMitigation from './cpu/use-cpu-with-avx.mitigation.ts';
import enableWriteCacheMitigation from './disk/enable-write-cache.mitigation.ts';
import limitErrorRecoveryMitigation from './disk/limit-error-recovery.mitigation.ts';
import replaceControllerMitigation from './disk/replace-controller.mitigation.ts';
import replaceDiskMitigation from './disk/replace-disk.mitigation.ts';
import replaceSataCableMitigation from './disk/replace-sata-cable.mitigation.ts';
import replaceWithConventionalDiskMitigation from './disk/replace-with-conventional-disk.mitigation.ts';
import restoreRaidCacheMitigation from './disk/restore-raid-cache.mitigation.ts';
import spreadDiskLoadMitigation from './disk/spread-disk-load.mitigation.ts';
import switchOffNvmePowerSavingMitigation from './disk/switch-off-nvme-power-saving.mitigation.ts';
import takeDiskOfflineMitigation from './disk/take-disk-offline.mitigation.ts';
import updateDiskFirmwareMitigation from './disk/update-disk-firmware.mitigation.ts';
import useDiskWithPowerLossProtectionMitigation from './disk/use-disk-with-power-loss-protection.mitigation.ts';
import checkAndRemountMitigation from './filesystem/check-and-remount.mitigation.ts';
import extendThinPoolMitigation from './filesystem/extend-thin-pool.mitigation.ts';
import freeInodesMitigation from './filesystem/free-inodes.mitigation.ts';
import freeSpaceMitigation from './filesystem/free-space.mitigation.ts';
import restoreStorageServerMitigation from './filesystem/restore-storage-server.mitigation.ts';
import findSlowOsdMitigation from './guests/find-slow-osd.mitigation.ts';
import giveClusterOwnNetworkMitigation from './guests/give-cluster-own-network.mitigation.ts';
import limitGuestCpuMitigation from './guests/limit-guest-cpu.mitigation.ts';
import limitGuestIoMitigation from './guests/limit-guest-io.mitigation.ts';
import raiseGuestCpuLimitMitigation from './guests/raise-guest-cpu-limit.mitigation.ts';
import raiseGuestIoLimitMitigation from './guests/raise-guest-io-limit.mitigation.ts';
import restartPmxcfsMitigation from './guests/restart-pmxcfs.mitigation.ts';
import restartPvestatdMitigation from './guests/restart-pvestatd.mitigation.ts';
import restoreQuorumMitigation from './guests/restore-quorum.mitigation.ts';
import resumePausedGuestMitigation from './guests/resume-paused-guest.mitigation.ts';
import slowDownBackupsMitigation from './guests/slow-down-backups.mitigation.ts';
import thawGuestMitigation from './guests/thaw-guest.mitigation.ts';
import useFleecingMitigation from './guests/use-fleecing.mitigation.ts';
import findResetReasonMitigation from './kernel/find-reset-reason.mitigation.ts';
import keepCrashEvidenceMitigation from './kernel/keep-crash-evidence.mitigation.ts';
import rebootInAWindowMitigation from './kernel/reboot-in-a-window.mitigation.ts';
import removeKernelParameterMitigation from './kernel/remove-kernel-parameter.mitigation.ts';
import reseatCardMitigation from './kernel/reseat-card.mitigation.ts';
import synchroniseClockMitigation from './kernel/synchronise-clock.mitigation.ts';
import updateKernelMitigation from './kernel/update-kernel.mitigation.ts';
import giveGuestFixedMemoryMitigation from './memory/give-guest-fixed-memory.mitigation.ts';
import giveGuestsLessMemoryMitigation from './memory/give-guests-less-memory.mitigation.ts';
import limitArcMitigation from './memory/limit-arc.mitigation.ts';
import lowerSwappinessMitigation from './memory/lower-swappiness.mitigation.ts';
import moveSwapOffZvolMitigation from './memory/move-swap-off-zvol.mitigation.ts';
import raiseContainerMemoryMitigation from './memory/raise-container-memory.mitigation.ts';
import raiseMinFreeMitigation from './memory/raise-min-free.mitigation.ts';
import replaceMemoryModuleMitigation from './memory/replace-memory-module.mitigation.ts';
import stopPageMergingMitigation from './memory/stop-page-merging.mitigation.ts';
import correctTheMeterMitigation from './meter/correct-the-meter.mitigation.ts';
import alignMtuMitigation from './network/align-mtu.mitigation.ts';
import findAddressRivalMitigation from './network/find-address-rival.mitigation.ts';
import findLossyLinkMitigation from './network/find-lossy-link.mitigation.ts';
import pinInterfaceNamesMitigation from './network/pin-interface-names.mitigation.ts';
import raiseConntrackLimitMitigation from './network/raise-conntrack-limit.mitigation.ts';
import raiseNeighbourLimitsMitigation from './network/raise-neighbour-limits.mitigation.ts';
import repairNameServersMitigation from './network/repair-name-servers.mitigation.ts';
import replaceCableOrPortMitigation from './network/replace-cable-or-port.mitigation.ts';
import switchOffloadsOffMitigation from './network/switch-offloads-off.mitigation.ts';
import allowTheLoginMitigation from './reach/allow-the-login.mitigation.ts';
import checkTheWayMitigation from './reach/check-the-way.mitigation.ts';
import correctTheNameMitigation from './reach/correct-the-name.mitigation.ts';
import lookAtConsoleMitigation from './reach/look-at-console.mitigation.ts';
import openThePortMitigation from './reach/open-the-port.mitigation.ts';
import restartExporterMitigation from './reach/restart-exporter.mitigation.ts';
import startSshServerMitigation from './reach/start-ssh-server.mitigation.ts';
import addLogDeviceMitigation from './zfs/add-log-device.mitigation.ts';
import bootPreviousKernelMitigation from './zfs/boot-previous-kernel.mitigation.ts';
import cancelTrimMitigation from './zfs/cancel-trim.mitigation.ts';
import clearSuspendedPoolMitigation from './zfs/clear-suspended-pool.mitigation.ts';
import findChecksumSourceMitigation from './zfs/find-checksum-source.mitigation.ts';
import freePoolSpaceMitigation from './zfs/free-pool-space.mitigation.ts';
import importPoolMitigation from './zfs/import-pool.mitigation.ts';
import letResilverFinishMitigation from './zfs/let-resilver-finish.mitigation.ts';
import loadZfsKeyMitigation from './zfs/load-zfs-key.mitigation.ts';
import lowerCompressionMitigation from './zfs/lower-compression.mitigation.ts';
import matchBlockSizeMitigation from './zfs/match-block-size.mitigation.ts';
import moveToGcmDatasetMitigation from './zfs/move-to-gcm-dataset.mitigation.ts';
import moveToUnencryptedDatasetMitigation from './zfs/move-to-unencrypted-dataset.mitigation.ts';
import pauseScrubMitigation from './zfs/pause-scrub.mitigation.ts';
import raiseDatasetQuotaMitigation from './zfs/raise-dataset-quota.mitigation.ts';
import rebuildWithAshiftMitigation from './zfs/rebuild-with-ashift.mitigation.ts';
import replacePoolMemberMitigation from './zfs/replace-pool-member.mitigation.ts';
import replaceSpareMitigation from './zfs/replace-spare.mitigation.ts';
import turnDedupOffMitigation from './zfs/turn-dedup-off.mitigation.ts';
import waitForFixedKernelMitigation from './zfs/wait-for-fixed-kernel.mitigation.ts';
import coreBurnExperiment from './cpu/core-burn.experiment.ts';
import cryptoSpeedExperiment from './cpu/crypto-speed.experiment.ts';
import kernelCipherSpeedExperiment from './cpu/kernel-cipher-speed.experiment.ts';
import otherStorageExperiment from './disk/other-storage.experiment.ts';
import timedReadsByTurnsExperiment from './disk/timed-reads-by-turns.experiment.ts';
import timedSyncedWritesExperiment from './disk/timed-synced-writes.experiment.ts';
import freezeOneGuestExperiment from './guests/freeze-one-guest.experiment.ts';
import quietOneGuestExperiment from './guests/quiet-one-guest.experiment.ts';
import clockCostExperiment from './kernel/clock-cost.experiment.ts';
import memorySpeedExperiment from './memory/memory-speed.experiment.ts';
import networkPathsExperiment from './network/network-paths.experiment.ts';
import datasetPropertiesExperiment from './zfs/dataset-properties.experiment.ts';
import encryptedAgainstPlainExperiment from './zfs/encrypted-against-plain.experiment.ts';
import imageCopyExperiment from './zfs/image-copy.experiment.ts';
import cpuSplitFigure from './cpu/cpu-split.figure.ts';
import pressureFigure from './cpu/pressure.figure.ts';
import diskLatencyFigure from './disk/disk-latency.figure.ts';
import fullestFilesystemsFigure from './filesystem/fullest-filesystems.figure.ts';
import taskFamiliesFigure from './kernel/task-families.figure.ts';
import memoryUseFigure from './memory/memory-use.figure.ts';
import highLoadAlarm from './cpu/high-load.alarm.ts';
import ioDelayAlarm from './cpu/io-delay.alarm.ts';
import temperatureAlarm from './cpu/temperature.alarm.ts';
import throttledAlarm from './cpu/throttled.alarm.ts';
import arrayDegradedAlarm from './disk/array-degraded.alarm.ts';
import deviceHealthAlarm from './disk/device-health.alarm.ts';
import diskLatencyAlarm from './disk/disk-latency.alarm.ts';
import filesystemFillingAlarm from './filesystem/filesystem-filling.alarm.ts';
import filesystemTurnedReadOnlyAlarm from './filesystem/filesystem-turned-read-only.alarm.ts';
import inodesFillingAlarm from './filesystem/inodes-filling.alarm.ts';
import backupFailedAlarm from './guests/backup-failed.alarm.ts';
import guestDownAlarm from './guests/guest-down.alarm.ts';
import quorumLostAlarm from './guests/quorum-lost.alarm.ts';
import storageFillingAlarm from './guests/storage-filling.alarm.ts';
import clockOffAlarm from './kernel/clock-off.alarm.ts';
import unitFailedAlarm from './kernel/unit-failed.alarm.ts';
import memoryErrorsAlarm from './memory/memory-errors.alarm.ts';
import memoryPressureAlarm from './memory/memory-pressure.alarm.ts';
import outOfMemoryAlarm from './memory/out-of-memory.alarm.ts';
import swappingAlarm from './memory/swapping.alarm.ts';
import networkErrorsAlarm from './network/network-errors.alarm.ts';
import exporterErrorsAlarm from './reach/exporter-errors.alarm.ts';
import sourceMissingAlarm from './reach/source-missing.alarm.ts';
import targetMissingAlarm from './reach/target-missing.alarm.ts';
import poolHealthAlarm from './zfs/pool-health.alarm.ts';

export const probes: readonly AnyProbe[] = [
  bootsProbe,
  configuredSettingsProbe,
  editedFilesProbe,
  loginsProbe,
  packageLogProbe,
  poolHistoryProbe,
  serviceStartsProbe,
  taskHistoryProbe,
  timeZoneProbe,
  acpiInterruptsProbe,
  clocksourceProbe,
  cpuInfoProbe,
  cpuTimesProbe,
  frequencyProbe,
  interruptsProbe,
  kernelCryptoProbe,
  loadAverageProbe,
  pressureProbe,
  softirqsProbe,
  splitLockSettingProbe,
  temperaturesProbe,
  thermalThrottleProbe,
  vulnerabilitiesProbe,
  ataLinksProbe,
  blockDevicesProbe,
  blockQueuesProbe,
  diskStatsProbe,
  mdArraysProbe,
  nvmeProbe,
  raidCachesProbe,
  smartProbe,
  timedReadsProbe,
  filesystemUsageProbe,
  fstabProbe,
  lvmProbe,
  mountsProbe,
  networkMountsProbe,
  backupFreezesProbe,
  backupJobsProbe,
  backupProgressProbe,
  cephHealthProbe,
  chosenGuestProbe,
  guestCgroupsProbe,
  guestConfigsProbe,
  guestProcessesProbe,
  guestRolesProbe,
  guestTasksProbe,
  guestVolumesProbe,
  managerReportsProbe,
  pmxcfsProbe,
  proxmoxLogProbe,
  proxmoxRrdProbe,
  proxmoxProbe,
  runningTasksProbe,
  askingClockProbe,
  baselineDifferencesProbe,
  blockedTasksProbe,
  bootHistoryProbe,
  clockProbe,
  commandLineProbe,
  failedUnitsProbe,
  installedKernelsProbe,
  installedPackagesProbe,
  kernelLogProbe,
  managementLogProbe,
  moduleParametersProbe,
  osProbe,
  prometheusHistoryProbe,
  sysstatHistoryProbe,
  taskIoProbe,
  tasksProbe,
  buddyInfoProbe,
  edacProbe,
  ksmProbe,
  memoryInfoProbe,
  numaProbe,
  swapsProbe,
  transparentHugePagesProbe,
  vmStatProbe,
  ioUringWaitersProbe,
  addressConflictsProbe,
  bondingProbe,
  conntrackProbe,
  gatewayProbe,
  interfacesFileProbe,
  linksProbe,
  nameResolutionProbe,
  nearConnectionsProbe,
  neighboursProbe,
  netDevProbe,
  netStatsProbe,
  nicSettingsProbe,
  pciProbe,
  socketsProbe,
  trafficControlProbe,
  exporterProbe,
  reachabilityProbe,
  expectedPoolsProbe,
  snapshotToolsProbe,
  zfsArcProbe,
  zfsDatasetsProbe,
  zfsDedupTablesProbe,
  zfsImplementationsProbe,
  zfsParametersProbe,
  zfsPoolKstatsProbe,
  zfsSimdProbe,
  zfsVersionProbe,
  zpoolFeaturesProbe,
  zpoolIostatProbe,
  zpoolListProbe,
  zpoolStatusProbe,
];

export const facts: readonly Fact[] = [
  activityPatternFact,
  attributionFact,
  changesFact,
  dependenciesFact,
  onsetFact,
  cpuUsageFact,
  interruptRatesFact,
  pressureNowFact,
  throttlingFact,
  controllersFact,
  diskActivityFact,
  diskComparisonFact,
  diskHealthFact,
  diskLogFact,
  disksFact,
  spaceFact,
  storagePlacesFact,
  guestIoLimitsFact,
  guestIoFact,
  guestStoragesFact,
  guestUsageFact,
  guestWorkFact,
  guestsFact,
  hardwareErrorsFact,
  historyFact,
  hostIdentityFact,
  kernelLogEventsFact,
  pcieEventsFact,
  taskUsageFact,
  versionsFact,
  wayBackFact,
  memoryUsageFact,
  oomEventsFact,
  swapActivityFact,
  quietStorageFact,
  networkActivityFact,
  networkEventsFact,
  tcpQualityFact,
  busiestDatasetsFact,
  encryptedPoolsFact,
  lockedDatasetsFact,
  poolWritesFact,
  zfsThreadsFact,
  zpoolsFact,
];

export const symptoms: readonly Symptom[] = [
  cpuPressureSymptom,
  highLoadSymptom,
  ioDelaySymptom,
  deviceWarningSymptom,
  diskLatencySymptom,
  spaceLowSymptom,
  storageDownSymptom,
  backupMissedSymptom,
  guestDownSymptom,
  guestSlowSymptom,
  errorsLoggedSymptom,
  rebootedSymptom,
  memoryPressureSymptom,
  networkErrorsSymptom,
  targetMissingSymptom,
  unreachableSymptom,
  dataErrorsSymptom,
  redundancyLostSymptom,
];

export const hypotheses: readonly Hypothesis[] = [
  avxDisabledByMitigationHypothesis,
  clocksourceSlowHypothesis,
  cpuFrequencyCappedHypothesis,
  cpuLacksCryptoInstructionsHypothesis,
  cpuSaturatedHypothesis,
  cpuStealHypothesis,
  cpuThermalThrottlingHypothesis,
  kernelCryptoUnacceleratedHypothesis,
  machineCheckErrorsHypothesis,
  mitigationCostChangedHypothesis,
  splitLockThrottlingHypothesis,
  diskFailingHypothesis,
  diskIoErrorsHypothesis,
  diskSaturatedHypothesis,
  diskSlowHypothesis,
  disksSlowTogetherHypothesis,
  hbaFaultHypothesis,
  nvmeControllerResetHypothesis,
  raidCacheWriteThroughHypothesis,
  sataLinkErrorsHypothesis,
  smrDriveHypothesis,
  ssdSlowSyncWritesHypothesis,
  ssdWornOutHypothesis,
  writeCacheDisabledHypothesis,
  filesystemFullHypothesis,
  filesystemReadOnlyHypothesis,
  inodesExhaustedHypothesis,
  lvmThinFullHypothesis,
  networkStorageUnreachableHypothesis,
  backupJobRunningHypothesis,
  backupTargetSlowHypothesis,
  cephSlowOpsHypothesis,
  clusterNoQuorumHypothesis,
  guestCpuHogHypothesis,
  guestCpuLimitHypothesis,
  guestFilesystemFrozenHypothesis,
  guestIoHogHypothesis,
  guestIoLimitHypothesis,
  guestMemoryLimitHypothesis,
  guestPausedIoErrorHypothesis,
  haFencingHypothesis,
  pmxcfsStuckHypothesis,
  pvestatdStuckHypothesis,
  workloadGrewHypothesis,
  clockSkewHypothesis,
  hungTasksHypothesis,
  irqStormHypothesis,
  kernelOopsHypothesis,
  kernelRegressionHypothesis,
  pcieErrorsHypothesis,
  pcieLinkDegradedHypothesis,
  rebootPendingHypothesis,
  softLockupHypothesis,
  unexpectedRebootHypothesis,
  arcStarvesGuestsHypothesis,
  eccErrorsHypothesis,
  ksmOvercommitHypothesis,
  memoryBallooningHypothesis,
  memoryExhaustedHypothesis,
  memoryFragmentedHypothesis,
  oomKillsHypothesis,
  swapOnZvolHypothesis,
  swapThrashingHypothesis,
  iowaitMeterWrongHypothesis,
  latencyMeterWrongHypothesis,
  pressureMeterWrongHypothesis,
  bondDegradedHypothesis,
  conntrackFullHypothesis,
  dnsBrokenHypothesis,
  duplicateAddressHypothesis,
  interfaceRenamedHypothesis,
  mtuMismatchHypothesis,
  neighbourTableFullHypothesis,
  nicHangHypothesis,
  nicLinkDownshiftedHypothesis,
  nicLinkFlappingHypothesis,
  packetLossHypothesis,
  exporterDownHypothesis,
  hostDownHypothesis,
  hostUnresponsiveHypothesis,
  loginRefusedHypothesis,
  nameNotResolvedHypothesis,
  networkUnreachableHypothesis,
  portFilteredHypothesis,
  sshRefusedHypothesis,
  datasetQuotaReachedHypothesis,
  zfsAshiftMismatchHypothesis,
  zfsCompressionCostlyHypothesis,
  zfsCryptoCcmHypothesis,
  zfsCryptoUnacceleratedHypothesis,
  zfsDedupHypothesis,
  zfsKeyNotLoadedHypothesis,
  zfsResilverRunningHypothesis,
  zfsScrubRunningHypothesis,
  zfsTrimRunningHypothesis,
  zfsTxgStalledHypothesis,
  zfsWriteAmplificationHypothesis,
  zpoolChecksumErrorsHypothesis,
  zpoolDegradedHypothesis,
  zpoolFullHypothesis,
  zpoolNotImportedHypothesis,
  zpoolSpareUnavailableHypothesis,
  zpoolSuspendedHypothesis,
];

export const mitigations: readonly Mitigation[] = [
  findFaultyProcessorMitigation,
  getMoreProcessorTimeMitigation,
  improveCoolingMitigation,
  installMicrocodeMitigation,
  liftFrequencyLimitMitigation,
  loadCryptoDriverMitigation,
  repairClockMitigation,
  silenceInterruptMitigation,
  spreadTheLoadMitigation,
  stopSplitLockSlowdownMitigation,
  useCpuWithAvxMitigation,
  enableWriteCacheMitigation,
  limitErrorRecoveryMitigation,
  replaceControllerMitigation,
  replaceDiskMitigation,
  replaceSataCableMitigation,
  replaceWithConventionalDiskMitigation,
  restoreRaidCacheMitigation,
  spreadDiskLoadMitigation,
  switchOffNvmePowerSavingMitigation,
  takeDiskOfflineMitigation,
  updateDiskFirmwareMitigation,
  useDiskWithPowerLossProtectionMitigation,
  checkAndRemountMitigation,
  extendThinPoolMitigation,
  freeInodesMitigation,
  freeSpaceMitigation,
  restoreStorageServerMitigation,
  findSlowOsdMitigation,
  giveClusterOwnNetworkMitigation,
  limitGuestCpuMitigation,
  limitGuestIoMitigation,
  raiseGuestCpuLimitMitigation,
  raiseGuestIoLimitMitigation,
  restartPmxcfsMitigation,
  restartPvestatdMitigation,
  restoreQuorumMitigation,
  resumePausedGuestMitigation,
  slowDownBackupsMitigation,
  thawGuestMitigation,
  useFleecingMitigation,
  findResetReasonMitigation,
  keepCrashEvidenceMitigation,
  rebootInAWindowMitigation,
  removeKernelParameterMitigation,
  reseatCardMitigation,
  synchroniseClockMitigation,
  updateKernelMitigation,
  giveGuestFixedMemoryMitigation,
  giveGuestsLessMemoryMitigation,
  limitArcMitigation,
  lowerSwappinessMitigation,
  moveSwapOffZvolMitigation,
  raiseContainerMemoryMitigation,
  raiseMinFreeMitigation,
  replaceMemoryModuleMitigation,
  stopPageMergingMitigation,
  correctTheMeterMitigation,
  alignMtuMitigation,
  findAddressRivalMitigation,
  findLossyLinkMitigation,
  pinInterfaceNamesMitigation,
  raiseConntrackLimitMitigation,
  raiseNeighbourLimitsMitigation,
  repairNameServersMitigation,
  replaceCableOrPortMitigation,
  switchOffloadsOffMitigation,
  allowTheLoginMitigation,
  checkTheWayMitigation,
  correctTheNameMitigation,
  lookAtConsoleMitigation,
  openThePortMitigation,
  restartExporterMitigation,
  startSshServerMitigation,
  addLogDeviceMitigation,
  bootPreviousKernelMitigation,
  cancelTrimMitigation,
  clearSuspendedPoolMitigation,
  findChecksumSourceMitigation,
  freePoolSpaceMitigation,
  importPoolMitigation,
  letResilverFinishMitigation,
  loadZfsKeyMitigation,
  lowerCompressionMitigation,
  matchBlockSizeMitigation,
  moveToGcmDatasetMitigation,
  moveToUnencryptedDatasetMitigation,
  pauseScrubMitigation,
  raiseDatasetQuotaMitigation,
  rebuildWithAshiftMitigation,
  replacePoolMemberMitigation,
  replaceSpareMitigation,
  turnDedupOffMitigation,
  waitForFixedKernelMitigation,
];

export const experiments: readonly Experiment[] = [
  coreBurnExperiment,
  cryptoSpeedExperiment,
  kernelCipherSpeedExperiment,
  otherStorageExperiment,
  timedReadsByTurnsExperiment,
  timedSyncedWritesExperiment,
  freezeOneGuestExperiment,
  quietOneGuestExperiment,
  clockCostExperiment,
  memorySpeedExperiment,
  networkPathsExperiment,
  datasetPropertiesExperiment,
  encryptedAgainstPlainExperiment,
  imageCopyExperiment,
];

export const figures: readonly Figure[] = [
  cpuSplitFigure,
  pressureFigure,
  diskLatencyFigure,
  fullestFilesystemsFigure,
  taskFamiliesFigure,
  memoryUseFigure,
];

export const alarms: readonly AlarmKind[] = [
  highLoadAlarm,
  ioDelayAlarm,
  temperatureAlarm,
  throttledAlarm,
  arrayDegradedAlarm,
  deviceHealthAlarm,
  diskLatencyAlarm,
  filesystemFillingAlarm,
  filesystemTurnedReadOnlyAlarm,
  inodesFillingAlarm,
  backupFailedAlarm,
  guestDownAlarm,
  quorumLostAlarm,
  storageFillingAlarm,
  clockOffAlarm,
  unitFailedAlarm,
  memoryErrorsAlarm,
  memoryPressureAlarm,
  outOfMemoryAlarm,
  swappingAlarm,
  networkErrorsAlarm,
  exporterErrorsAlarm,
  sourceMissingAlarm,
  targetMissingAlarm,
  poolHealthAlarm,
];
