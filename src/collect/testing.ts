import { execFileSync, spawn, type ChildProcess } from 'node:child_process';
import { chmodSync, mkdirSync, mkdtempSync, readFileSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { connect } from 'node:net';
import { tmpdir, userInfo } from 'node:os';
import { join } from 'node:path';
import { z } from 'zod';
import type { ProbeOutput } from '../define/case.ts';
import { defineCounterProbe, defineProbe, type AnyProbe, type ProbeSpec } from '../define/probe.ts';
import { FrameParser } from './frames.ts';
import type { Clock } from './run.ts';
import { assembleScript, type ScriptOptions } from './script.ts';
import { freePort } from '../lib/testing.ts';

type More = Partial<ProbeSpec<string>>;
const base = { subject: 'kernel', schema: z.string(), parse: (stdout: string) => stdout, examples: [] } as const;

/** A probe of text, for tests. */
export const probe = (id: string, sh: string, more: More = {}): AnyProbe => defineProbe({ id, title: `Probe ${id}`, sh, ...base, ...more });
export const counter = (id: string, sh: string, more: More = {}): AnyProbe => defineCounterProbe({ id, title: `Probe ${id}`, sh, ...base, ...more });

export const clock: Clock = { now: () => new Date(), monotonicMs: () => performance.now() };
export const nonce = '0123456789abcdef';
export const pause = (milliseconds: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, milliseconds));

/** The first that the function gives within the time, or undefined. */
export async function eventually<T>(look: () => T | undefined | false, timeoutMs: number): Promise<T | undefined> {
  const endMs = performance.now() + timeoutMs;
  for (;;) {
    const found = look();
    if (found) return found;
    if (performance.now() > endMs) return undefined;
    await pause(25);
  }
}

/** Ids of processes with this text in their arguments. */
export function processesWith(marker: string): number[] {
  return readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name))
    .filter((name) => {
      try {
        return readFileSync(`/proc/${name}/cmdline`, 'latin1').includes(marker);
      } catch {
        return false;
      }
    })
    .map(Number);
}

/** A number of seconds for `sleep` that no other process uses, to find it by. */
export const uniqueSeconds = (): string => `${7_000 + Math.floor(Math.random() * 1_000)}.${Math.floor(Math.random() * 1e9)}`;

type StartOptions = Partial<ScriptOptions> & {
  readonly leads?: boolean;
  /** Makes the script meet what cannot be had on any machine, such as a process that no signal ends. */
  readonly edit?: (script: string) => string;
};

export interface Run {
  readonly child: ChildProcess;
  readonly outputs: ProbeOutput[];
  readonly stderr: () => string;
  readonly complete: () => boolean;
  readonly ended: Promise<number | null>;
}

/** Runs the script of these probes in a shell, as the leader of its session unless told otherwise. */
export function startScript(shell: readonly string[], probes: readonly AnyProbe[], options: StartOptions = {}): Run {
  const assembled = assembleScript(probes, { sudo: false, windowSeconds: 0.3, holdInput: false, nonce, ...options });
  const script = options.edit?.(assembled) ?? assembled;
  const [command, ...args] = shell;
  const child = spawn(command!, [...args, '-s'], { stdio: 'pipe', detached: options.leads ?? true });
  const parser = new FrameParser({ nonce, maxBytesOf: (id) => probes.find((known) => known.id === id)?.spec.maxBytes });
  const outputs: ProbeOutput[] = [];
  let stderr = '';
  child.stdout!.on('data', (piece: Buffer) => outputs.push(...parser.push(piece)));
  child.stderr!.on('data', (piece: Buffer) => (stderr += piece.toString()));
  child.stdin!.on('error', () => {});
  child.stdin!.write(script);
  if (!options.holdInput) child.stdin!.end();
  const ended = new Promise<number | null>((resolve) => child.on('close', resolve));
  return { child, outputs, stderr: () => stderr, complete: () => parser.complete, ended };
}

/** An ssh server of our own on this machine, with its own keys and configuration. */
export class SshServer {
  readonly folder = mkdtempSync(join(tmpdir(), 'culprit-sshd-'));
  port = 0;
  #child: ChildProcess | undefined;

  async start(): Promise<void> {
    chmodSync(this.folder, 0o755);
    this.port = await freePort();
    for (const name of ['host', 'user']) execFileSync('ssh-keygen', ['-q', '-t', 'ed25519', '-N', '', '-f', join(this.folder, name)]);
    writeFileSync(join(this.folder, 'authorized'), readFileSync(join(this.folder, 'user.pub')), { mode: 0o644 });
    writeFileSync(join(this.folder, 'known'), `[127.0.0.1]:${this.port} ${readFileSync(join(this.folder, 'host.pub'), 'utf8')}`);
    writeFileSync(
      join(this.folder, 'sshd_config'),
      [`Port ${this.port}`, 'ListenAddress 127.0.0.1', `HostKey ${this.folder}/host`, `AuthorizedKeysFile ${this.folder}/authorized`, 'PermitRootLogin yes',
        'StrictModes no', 'UsePAM no', 'PasswordAuthentication no', 'KbdInteractiveAuthentication no', 'PidFile none', ''].join('\n'),
    );
    if (userInfo().uid === 0) mkdirSync('/run/sshd', { recursive: true });
    this.#child = spawn('/usr/sbin/sshd', ['-D', '-e', '-f', join(this.folder, 'sshd_config')], { stdio: 'ignore' });
    await waitForPort(this.port);
  }

  /** As a user would give them: the key, our own configuration file instead of the real one, and the known host key. */
  get sshOptions(): string[] {
    return ['-F', '/dev/null', '-i', join(this.folder, 'user'), '-o', `UserKnownHostsFile=${this.folder}/known`, '-o', 'GlobalKnownHostsFile=/dev/null'];
  }

  stop(): void {
    this.#child?.kill();
    rmSync(this.folder, { recursive: true, force: true });
  }
}

async function waitForPort(port: number): Promise<void> {
  for (let tries = 0; tries < 100; tries++) {
    const open = await new Promise<boolean>((resolve) => {
      const socket = connect({ host: '127.0.0.1', port }, () => resolve(true)).on('error', () => resolve(false));
      socket.on('close', () => resolve(false)).setTimeout(500);
      setTimeout(() => socket.destroy(), 100);
    });
    if (open) return;
    // A port that nobody listens at refuses at once.
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
  throw new Error('the ssh server did not start');
}
