/** Features of pools by the release of OpenZFS that brought them (zpool-features(7) of each release). All others were there before 2.0. */
const broughtBy: Readonly<Record<string, readonly string[]>> = {
  '2.0': ['bookmark_written', 'device_rebuild', 'livelist', 'log_spacemap', 'redacted_datasets', 'redaction_bookmarks', 'zstd_compress'],
  '2.1': ['draid'],
  '2.2': ['blake3', 'block_cloning', 'head_errlog', 'vdev_zaps_v2', 'zilsaxattr'],
  '2.3': ['fast_dedup', 'large_microzap', 'longname', 'raidz_expansion', 'redaction_list_spill'],
};
const old = new Set([
  'allocation_classes', 'async_destroy', 'bookmarks', 'bookmark_v2', 'device_removal', 'edonr', 'embedded_data', 'empty_bpobj', 'enabled_txg', 'encryption', 'extensible_dataset',
  'filesystem_limits', 'hole_birth', 'large_blocks', 'large_dnode', 'lz4_compress', 'multi_vdev_crash_dump', 'obsolete_counts', 'project_quota', 'resilver_defer', 'sha512', 'skein',
  'spacemap_histogram', 'spacemap_v2', 'userobj_accounting', 'zpool_checkpoint',
]);

/** `2.1.12-pve1` as 201; undefined for what is no version of OpenZFS 2 and newer. */
function numberOfVersion(text: string): number | undefined {
  const [, major, minor] = /^(\d{1,3})\.(\d{1,3})/.exec(text) ?? [];
  return major === undefined || minor === undefined ? undefined : Number(major) * 100 + Number(minor);
}

/** Whether that version of ZFS knows a feature. Undefined: not known here, as of features that are newer than this table. */
export function knowsFeature(version: string, feature: string): boolean | undefined {
  const has = numberOfVersion(version);
  if (has === undefined) return undefined;
  if (old.has(feature)) return has >= 200 ? true : undefined;
  const since = Object.keys(broughtBy).find((release) => broughtBy[release]?.includes(feature) === true);
  return since === undefined ? undefined : has >= (numberOfVersion(since) ?? Number.POSITIVE_INFINITY);
}
