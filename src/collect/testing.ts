import { spawn, type ChildProcess } from 'node:child_process';
import { readFileSync, readdirSync } from 'node:fs';
import { z } from 'zod';
import type { ProbeOutput } from '../define/case.ts';
import { defineCounterProbe, defineProbe, type AnyProbe, type ProbeSpec } from '../define/probe.ts';
import { FrameParser } from './frames.ts';
import type { Clock } from './run.ts';
import { assembleScript, type ScriptOptions } from './script.ts';

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
