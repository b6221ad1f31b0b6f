/** Exit statuses beyond those of a report (see exitStatusOf). 64 and 70 are EX_USAGE and EX_SOFTWARE of sysexits(3). */
export const exitStatus = { usage: 64, internal: 70 } as const;

/** All errors that a user can cause or meet. `docs/errors.md` has an entry for each code; a test checks both ways. */
export const errorCodes = {
  'usage': 'The command line cannot be understood.',
  'target-not-understood': 'The target is neither user@host nor ssh://user@host:port.',
  'case-not-readable': 'The saved case cannot be read.',
  'case-not-understood': 'The file is not a case, or one of a newer version.',
  'file-not-writable': 'A file that was asked for cannot be written.',
  'id-not-known': 'No cause, symptom, experiment or known issue has this id.',
  'baseline-not-found': 'No baseline of this host is kept.',
  'catalog-not-readable': 'The folder with private knowledge cannot be read.',
  'ssh-not-installed': 'The ssh command is not installed on this machine.',
  'history-address-not-understood': 'The address of the history, or what to log in to it with, cannot be used.',
  'history-not-reachable': 'The server that keeps the history does not answer.',
  'history-not-permitted': 'The server that keeps the history turns the login away.',
  'history-not-understood': 'What answers there does not speak the API of Prometheus.',
  'history-query-failed': 'The server that keeps the history could not answer the question.',
  'history-incomplete': 'The server says that its answer lacks something.',
  'history-host-not-found': 'The server that keeps the history does not know the host, or knows several that may be it.',
  'history-too-large': 'The answer is larger than what is taken in.',
  'history-in-use': 'Another process has the folder of the history open.',
  'history-not-usable': 'The folder of the history cannot be used.',
  'history-damaged': 'A file of the history cannot be read.',
  'store-address-not-understood': 'What is to keep the incidents is neither a file nor a database of PostgreSQL.',
  'store-in-use': 'Another server uses the store.',
  'store-newer': 'A newer Culprit has changed the store.',
  'store-not-permitted': 'The database turns the login away.',
  'store-not-reachable': 'The database does not answer.',
  'store-not-usable': 'The file of the store cannot be used.',
  'settings-not-readable': 'The file with the settings of the server cannot be read.',
  'settings-not-usable': 'Something in the settings of the server cannot be used.',
  'data-folder-not-usable': 'The folder in which the server keeps what it knows cannot be used.',
  'address-not-usable': 'The server cannot listen where it should.',
} as const;
export type ErrorCode = keyof typeof errorCodes;

/** A mistake or circumstance that the user can do something about: printed as one or two lines, never with a stack. */
export class UserError extends Error {
  readonly code: ErrorCode;
  readonly hint: string;

  /** `text` says what happened and why, `hint` what to do next. */
  constructor(code: ErrorCode, text: string, hint: string) {
    super(text);
    this.code = code;
    this.hint = hint;
  }
}
