export interface WriteOptions {
  readonly pool: string;
  /** Volumes are written past the page cache, as guests do. */
  readonly direct: boolean;
  readonly rounds: number;
  /** No third round begins after so long, for one property; and nothing at all begins after so long for all. */
  readonly budgetMs: number;
  readonly lastStartMs: number;
}

/** What is written before: pieces are written over it. */
const fillMib = 16;

/**
 * POSIX sh: `compare NUMBER WAY PIECE STRIDE` writes to the paths in `$TMP/path.own<NUMBER>` and `$TMP/path.other<NUMBER>` by turns (other, own, own, other) in one of the ways of `WayToWrite`, and prints
 * `write NUMBER SIDE MILLISECONDS BYTES`, and before that `base NUMBER MILLISECONDS` for writing nothing: what others write takes its time, too. Each write ends when the pool has it on its disks (zpool-sync(8)), since ZFS does most of the work after fsync. How much is written at a time is found out
 * first: so much that both sides take a second and three times as long as nothing, or eight seconds, or the most. Data is random, and begins elsewhere each time, so that nothing is there to be deduplicated; half of a stream is text, which
 * can be compressed.
 */
export function writeInWays({ pool, direct, rounds, budgetMs, lastStartMs }: WriteOptions): string {
  const flags = direct ? 'oflag=direct' : '';
  return `moved=0
first=$(experiment_ms)
fill() {
  dd if="$TMP/data" of="$1" bs=1M count=${fillMib} conv=notrunc ${flags} 2>/dev/null && as_root zpool sync ${pool}
}
write() {
  read -r path <"$TMP/path.$2$1"
  moved=$(((moved + 36907) % 1048576))
  from=$(experiment_ms)
  case $way in
    stream)
      pass=0
      while [ "$pass" -lt "$passes" ]; do
        dd if="$TMP/data" of="$path" bs=512k count="$size" skip="$((moved + pass * 4099))" seek="$((pass * size))" iflag=skip_bytes,fullblock conv=notrunc ${flags} 2>/dev/null || exit 1
        pass=$((pass + 1))
      done ;;
    places) dd if="$TMP/places" of="$path" bs="$piece" count=$((size * stride / piece)) conv=notrunc,sparse ${flags} 2>/dev/null || exit 1 ;;
    small) dd if="$TMP/data" of="$path" bs="$piece" count="$size" skip="$moved" iflag=skip_bytes,fullblock conv=notrunc ${flags} 2>/dev/null || exit 1 ;;
    synced) dd if="$TMP/data" of="$path" bs="$piece" count="$size" skip="$moved" iflag=skip_bytes,fullblock oflag=dsync conv=notrunc 2>/dev/null || exit 1 ;;
  esac
  as_root zpool sync ${pool} || exit 1
  took=$(($(experiment_ms) - from))
}
compare() {
  [ $(($(experiment_ms) - first)) -lt ${Math.floor(lastStartMs / 2)} ] || return
  way=$2 piece=$3 stride=$4 began=$(experiment_ms) passes=1
  if [ ! -s "$TMP/data" ]; then
    head -c 4M /dev/urandom >"$TMP/data"
    head -c 2M "$TMP/data" | od -An -v -tx1 >>"$TMP/data"
    head -c 7M /dev/urandom >>"$TMP/data"
    tail -c 3M "$TMP/data" | head -c 1M | od -An -v -tx1 >>"$TMP/data"
    head -c 2M /dev/urandom >>"$TMP/data"
  fi
  case $way in
    stream) steps='1 4 16 32' ;;
    places)
      most=$((${fillMib} * 1048576 / stride)) steps=
      for step in 4 16 64 256; do [ "$step" -ge "$most" ] || steps="$steps $step"; done
      steps="$steps $most"
      [ "$most" -le 256 ] || steps='4 16 64 256'
      rm -f "$TMP/places"
      place=0
      for step in $steps; do last=$step; done
      while [ "$place" -lt "$last" ]; do
        dd if="$TMP/data" of="$TMP/places" bs="$piece" count=1 skip="$place" seek="$((place * stride / piece))" conv=notrunc 2>/dev/null || exit 1
        place=$((place + 1))
      done
      truncate -s "$((last * stride))" "$TMP/places" ;;
    *) steps='4 16 64 256' ;;
  esac
  read -r path <"$TMP/path.own$1"
  fill "$path" || exit 1
  read -r path <"$TMP/path.other$1"
  fill "$path" || exit 1
  least=0
  for nothing in 1 2 3; do
    from=$(experiment_ms)
    as_root zpool sync ${pool} || exit 1
    took=$(($(experiment_ms) - from))
    least=$((least + 2 * took))
    echo "base $1 $took"
  done
  for size in $steps; do
    write "$1" other
    both=$took
    write "$1" own
    both=$((both + took))
    if [ "$both" -ge 8000 ] || { [ "$both" -ge 1000 ] && [ "$both" -ge "$least" ]; }; then break; fi
  done
  if [ "$way" = stream ] && [ "$both" -lt 500 ]; then passes=2; fi
  case $way in stream) bytes=$((size * passes * 524288)) ;; *) bytes=$((size * piece)) ;; esac
  round=0
  while [ "$round" -lt ${rounds} ] && { [ "$round" -lt 2 ] || [ $(($(experiment_ms) - began)) -lt ${budgetMs} ]; }; do
    for side in other own own other; do
      [ $(($(experiment_ms) - first)) -lt ${lastStartMs} ] || return
      write "$1" "$side"
      echo "write $1 $side $took $bytes"
    done
    round=$((round + 1))
  done
}`;
}
