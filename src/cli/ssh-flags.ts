/** Options of ssh as commander hands them over. */
export interface SshFlags {
  readonly o: readonly string[];
  readonly F?: string;
  readonly J?: string;
  readonly i: readonly string[];
}

/** The same options as words for the command line of ssh. */
export function sshWords(flags: SshFlags): string[] {
  return [
    ...flags.o.flatMap((value) => ['-o', value]),
    ...(flags.F === undefined ? [] : ['-F', flags.F]),
    ...(flags.J === undefined ? [] : ['-J', flags.J]),
    ...flags.i.flatMap((value) => ['-i', value]),
  ];
}
