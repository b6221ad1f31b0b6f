import { z } from 'zod';
import { defineProbe } from '../../define/probe.ts';
import { countIn, keyAndValue, numberIn } from '../../lib/host-text.ts';

const mostSettings = 60;

const schema = z.object({
  /** Since boot; with `nowSeconds` it says when that was. */
  uptimeSeconds: z.number(),
  nowSeconds: z.number(),
  /** Settings whose value in effect is another than the files say, or, without a file, than the kernel begins with. */
  differing: z.array(
    z.object({
      kind: z.enum(['module', 'sysctl']),
      /** `zfs.zfs_arc_max`, `vm.swappiness`. */
      name: z.string(),
      /** The file that says otherwise; left out where none says anything. */
      file: z.string().optional(),
      modifiedSeconds: z.number().optional(),
      configured: z.string(),
      active: z.string(),
    }),
  ),
  truncated: z.boolean(),
});
export type ConfiguredSettings = z.infer<typeof schema>;

/** What Linux begins with, of settings that matter to a host of guests and that depend on nothing else (kernel document admin-guide/sysctl/vm). */
const kernelDefaults = { swappiness: 60, dirty_ratio: 20, dirty_background_ratio: 10, dirty_expire_centisecs: 3_000, dirty_writeback_centisecs: 500, overcommit_memory: 0, zone_reclaim_mode: 0, vfs_cache_pressure: 100 } as const;

/** Files of one kind in the order in which they are read: by name, and of the same name only the first folder's (sysctl.d(5), modprobe.d(5)). */
const filesOf = (folder: string): string => `for dir in /etc/${folder} /run/${folder} /usr/local/lib/${folder} /usr/lib/${folder} /lib/${folder}; do
    for file in "$dir"/*.conf; do
      name=\${file##*/}
      case $name in *[!A-Za-z0-9_.@:+-]*) continue ;; esac
      case $seen in *" $name "*) continue ;; esac
      [ -r "$file" ] && [ -f "$file" ] || continue
      seen="$seen$name "
      echo "$name $file"
    done
  done | sort | head -n 100 | cut -d ' ' -f 2`;

/**
 * What sysctl.d(5) and modprobe.d(5) say against what is in effect: one process reads the files and the values, and tells what differs. Only numbers and switches of modules are compared; of a
 * later file that says it again, the last one counts, and the kernel's command line after all files.
 */
export default defineProbe({
  id: 'configured-settings',
  title: 'Settings in files that are not in effect, or in effect and in no file',
  subject: 'kernel',
  timeoutMs: 4_000,
  maxBytes: 24_000,
  sh: `need awk
read -r up rest </proc/uptime || exit 1
echo "now=$(date +%s)"
echo "uptime=$up"
modules() { seen=' '; ${filesOf('modprobe.d')}; }
sysctls() { seen=' '; ${filesOf('sysctl.d')}; }
old=
[ -e /etc/sysctl.d/99-sysctl.conf ] || { [ -f /etc/sysctl.conf ] && old=/etc/sysctl.conf; }
{ awk '
function squeezed(text) { gsub(/[ \\t\\r]+/, " ", text); sub(/^ /, "", text); sub(/ $/, "", text); return text }
function active(path, line) { line = ""; if ((getline line < path) <= 0) { close(path); return "\\001" } close(path); return squeezed(line) }
function same(a, b) { return a == b || (a ~ /^-?[0-9]+$/ && b ~ /^-?[0-9]+$/ && a + 0 == b + 0) }
function switched(text) { return text ~ /^[Yy1]$/ ? "1" : text ~ /^[Nn0]$/ ? "0" : text }
function tell(kind, name, file, want, have) { if (told++ < ${mostSettings + 1} && name !~ /secret|passw|token/) print kind "|" substr(name, 1, 120) "|" file "|" substr(want, 1, 80) "|" substr(have, 1, 80) }
function option(module, word, file, at, name) {
  at = index(word, "="); if (at < 2 || length(word) > 200) return
  gsub(/-/, "_", module); name = substr(word, 1, at - 1)
  if (module !~ /^[A-Za-z0-9_]+$/ || name !~ /^[A-Za-z0-9_]+$/) return
  wanted[module "." name] = substr(word, at + 1); from[module "." name] = file
}
FNR == 1 { if (FILENAME ~ /modprobe[.]d/) kind = "module"; else kind = FILENAME == "/etc/sysctl.conf" ? "old" : "sysctl"; lines = 0 }
++lines > 3000 { next }
kind == "module" { if ($1 == "options") for (i = 3; i <= NF; i++) option($2, $i, FILENAME); next }
/^[ \\t]*[#;]/ { next }
{ at = index($0, "="); if (at < 2) next
  key = squeezed(substr($0, 1, at - 1)); sub(/^-/, "", key); value = squeezed(substr($0, at + 1))
  if (key ~ /[*?\\[ ]/ || key ~ /[.][.]/ || key !~ /^[A-Za-z0-9_.\\/:-]+$/) next
  if (key ~ /^[^.]*\\//) { path = key } else { n = split(key, part, ""); path = ""; for (i = 1; i <= length(key); i++) { c = substr(key, i, 1); path = path (c == "." ? "/" : c == "/" ? "." : c) } }
  if (kind == "old") { elsewhere[path] = value; next }
  set[path] = value; place[path] = FILENAME }
END {
  if ((getline line < "/proc/cmdline") > 0) { n = split(line, word, " "); for (i = 1; i <= n; i++) { at = index(word[i], "."); if (at > 1 && index(word[i], "=") > at) { module = substr(word[i], 1, at - 1); option(module, substr(word[i], at + 1), "the kernel command line") } } }
  for (path in set) { have = active("/proc/sys/" path); if (have != "\\001" && !same(have, set[path])) { name = path; gsub(/\\//, ".", name); tell("sysctl", name, place[path], set[path], have) } }
  for (name in wanted) { at = index(name, "."); have = active("/sys/module/" substr(name, 1, at - 1) "/parameters/" substr(name, at + 1))
    want = switched(wanted[name]); have = have == "\\001" ? have : switched(have)
    if (have ~ /^-?[0-9]+$/ && want ~ /^-?[0-9]+$/ && !same(have, want)) tell("module", name, from[name], want, have) }
  n = split("${Object.entries(kernelDefaults).map(([name, value]) => `${name}=${value}`).join(' ')}", word, " ")
  for (i = 1; i <= n; i++) { split(word[i], pair, "="); path = "vm/" pair[1]; if (path in set) continue
    have = active("/proc/sys/" path); if (have == "\\001" || same(have, pair[2]) || (path in elsewhere && same(have, elsewhere[path]))) continue
    if (path ~ /dirty_(background_)?ratio/ && have == "0") continue
    tell("sysctl", "vm." pair[1], "", pair[2], have) }
}' $(modules) $(sysctls) $old /dev/null; } | while IFS='|' read -r kind name file want have; do
  at=
  case $file in /*) have stat && at=$(stat -c %Y "$file" 2>/dev/null) ;; esac
  echo "differs=$kind|$name|$file|$at|$want|$have"
done
:`,
  schema,
  parse: (stdout) => {
    const pairs = stdout.split('\n', mostSettings + 10).map((line) => keyAndValue(line.slice(0, 700), '=') ?? ['', '']);
    const of = (name: string): string | undefined => pairs.find(([key]) => key === name)?.[1];
    const differing = pairs.flatMap(([key, value]): ConfiguredSettings['differing'] => {
      const [kind, name = '', file = '', modified, configured, active] = value.split('|');
      if (key !== 'differs' || (kind !== 'module' && kind !== 'sysctl') || name === '' || configured === undefined || active === undefined) return [];
      const modifiedSeconds = countIn(modified);
      return [{ kind, name, ...(file !== '' && { file }), ...(modifiedSeconds !== undefined && { modifiedSeconds }), configured, active }];
    });
    return { uptimeSeconds: numberIn(of('uptime')) ?? 0, nowSeconds: countIn(of('now')) ?? 0, differing: differing.slice(0, mostSettings), truncated: differing.length > mostSettings };
  },
  examples: [
    {
      from: 'documented',
      where: 'sysctl.d(5) and modprobe.d(5): a limit that waits for the next boot, one that was set by hand, and one in no file',
      stdout:
        'now=1795444000\nuptime=86400.5\ndiffers=sysctl|vm.swappiness|/etc/sysctl.d/local.conf|1790000000|10|60\ndiffers=module|zfs.zfs_arc_max|/etc/modprobe.d/zfs.conf|1795440000|8589934592|0\ndiffers=module|kvm.halt_poll_ns|the kernel command line||0|200000\ndiffers=sysctl|vm.dirty_ratio|||20|80\n',
      expect: {
        uptimeSeconds: 86_400.5,
        nowSeconds: 1_795_444_000,
        differing: [
          { kind: 'sysctl', name: 'vm.swappiness', file: '/etc/sysctl.d/local.conf', modifiedSeconds: 1_790_000_000, configured: '10', active: '60' },
          { kind: 'module', name: 'zfs.zfs_arc_max', configured: '8589934592', active: '0' },
          { kind: 'module', name: 'kvm.halt_poll_ns', file: 'the kernel command line' },
          { kind: 'sysctl', name: 'vm.dirty_ratio', configured: '20', active: '80' },
        ],
        truncated: false,
      },
    },
    { from: 'documented', where: 'all is in effect', stdout: 'now=1795444000\nuptime=86400.5\n', expect: { differing: [], truncated: false } },
    { from: 'documented', where: 'cut in a line', stdout: 'now=1795444000\nuptime=86400.5\ndiffers=sysctl|vm.swapp', expect: { differing: [] } },
  ],
});
