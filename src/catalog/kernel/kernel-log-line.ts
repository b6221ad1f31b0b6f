export interface KernelLogLine {
  readonly secondsSinceBoot?: number;
  readonly level?: number;
  readonly text: string;
}

/** One line as `dmesg -r` (util-linux, busybox) or `journalctl -k -o short-monotonic` prints it. */
export function parseKernelLogLine(line: string): KernelLogLine {
  const priority = /^<(\d{1,4})>/.exec(line);
  const afterPriority = priority ? line.slice(priority[0].length) : line;
  const time = /^\[ {0,12}(\d{1,12}\.\d{1,9})\] ?/.exec(afterPriority);
  let text = time ? afterPriority.slice(time[0].length) : afterPriority;
  if (!priority) text = text.replace(/^(?:[A-Za-z0-9._-]{1,64} )?kernel: /, '');
  return {
    ...(time?.[1] === undefined ? {} : { secondsSinceBoot: Number(time[1]) }),
    ...(priority?.[1] === undefined ? {} : { level: Number(priority[1]) % 8 }),
    text,
  };
}
