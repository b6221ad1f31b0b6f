import { spawn, type ChildProcess } from 'node:child_process';
import { mkdirSync, rmSync, writeFileSync } from 'node:fs';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { SMTPServer } from 'smtp-server';
import { stringify } from 'yaml';
import { cacheFolder } from '../cache.ts';
import type { Suite } from '../define.ts';
import { takeSlots } from '../run/slots.ts';
import { completeSpec, startMachine } from '../run/states.ts';
import { gcmChoices, makeGuestPool, mirror, startGuests } from '../scenarios/cpu/guest-pool.ts';
import { makeStoryHost } from '../scenarios/cpu/story-host.ts';
import { product } from '../trials/machine.ts';
import { LabHost } from '../vm/host.ts';
import { freePort } from '../vm/ports.ts';
import { sshOptions } from '../vm/ssh.ts';
import { contextOf, endMachinesOnSignals } from './context.ts';

export interface WatchedResult {
  /** The mails as they came in, in order. */
  readonly mails: readonly string[];
  /** Seconds from the break to the mail that names the cause; undefined where none did. */
  readonly secondsToCause?: number;
  /** Where mails, settings and the server's log are. */
  readonly folder: string;
}

const healthySeconds = 120;
const mostSeconds = 2_400;
const lookEverySeconds = 5;
/** How the cause of the story is called in the subject. */
const cause = 'ZFS encrypts on a slower path';
const quiet = { thinkSeconds: 12, share: 0.3 };

/** The subject of a mail, unfolded, with the words of RFC 2047 decoded. */
export function subjectOf(mail: string): string {
  const raw = /^Subject: (.*(?:\r?\n[ \t].*)*)/im.exec(mail)?.[1] ?? '';
  const decoded = raw.replaceAll(/\r?\n[ \t]/g, ' ').replaceAll(/\?=\s+=\?/g, '?==?');
  return decoded.replaceAll(/=\?utf-8\?([qb])\?([^?]*)\?=/gi, (_, kind: string, text: string) =>
    kind.toLowerCase() === 'b' ? Buffer.from(text, 'base64').toString('utf8') : Buffer.from(text.replaceAll('_', ' ').replaceAll(/=([0-9A-F]{2})/gi, (__, hex: string) => String.fromCharCode(Number.parseInt(hex, 16))), 'latin1').toString('utf8'),
  );
}

/** A mail server on loopback that takes every mail. */
async function startMailServer(taken: (mail: string) => void): Promise<{ readonly port: number; readonly close: () => void }> {
  const server = new SMTPServer({
    disabledCommands: ['AUTH', 'STARTTLS'],
    onData: (stream, _, done) => {
      let text = '';
      stream.setEncoding('utf8').on('data', (chunk: string) => (text += chunk)).on('end', () => (taken(text), done()));
    },
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return { port: (server.server.address() as AddressInfo).port, close: () => server.close() };
}

function settingsOf(broken: LabHost, healthy: LabHost, keyFile: string, mailPort: number, httpPort: number): string {
  const shell = (host: LabHost) => ({ target: 'root@127.0.0.1', sshOptions: sshOptions(host.sshPort, keyFile) });
  return stringify({
    http: { port: httpPort },
    hosts: [
      { name: 'pve1', ...shell(broken), exporters: [{ url: `http://127.0.0.1:${broken.exporterPort}/metrics` }] },
      { name: 'pve2', ...shell(healthy) },
    ],
    channels: [{ type: 'email', name: 'admins', host: '127.0.0.1', port: mailPort, tls: 'none', from: 'Culprit <culprit@example.org>', to: ['admin@example.org'] }],
  });
}

/** The host of the story, as it comes up after the update: the kernel hides AVX, the pool is there, and the guests write what they always wrote. */
async function breakAsInTheStory(host: LabHost): Promise<void> {
  await host.run('modprobe labcpu bits=155 && modprobe zfs');
  if ((await gcmChoices(host)).includes('avx')) throw new Error('ZFS has AVX.');
  await makeStoryHost(host, { disks: 3, recordSize: '128k', writers: 'guests', load: { thinkSeconds: 1.5 } });
}

/**
 * Watches two machines with `culprit serve`, one by its exporter and one over ssh, lets the first come up as in the story, and waits for the mail that names the cause. The product is asked as a user
 * would: by settings, and by what its mails say.
 */
export async function watchTwoMachines(suite: Suite, log: (line: string) => void): Promise<WatchedResult> {
  endMachinesOnSignals();
  const { prepared, running } = await contextOf(suite, 'quick', log);
  const folder = join(cacheFolder(), 'watched');
  rmSync(folder, { recursive: true, force: true });
  mkdirSync(folder, { recursive: true });
  const release = await takeSlots('heavy');
  const started = performance.now();
  const mails: { readonly text: string; readonly atMs: number }[] = [];
  const mailServer = await startMailServer((text) => {
    mails.push({ text, atMs: performance.now() });
    writeFileSync(join(folder, `mail-${mails.length}.eml`), text);
    log(`${Math.round((performance.now() - started) / 1000)} s: mail: ${subjectOf(text)}`);
  });
  let server: ChildProcess | undefined;
  try {
    const [broken, healthy] = await Promise.all(['watched-1', 'watched-2'].map(async (name) => {
      const machine = await startMachine(prepared, completeSpec({}), join(cacheFolder(), 'run', `${name}-${process.pid}`), log);
      running.add(machine);
      return new LabHost(suite, machine);
    })) as [LabHost, LabHost];
    await healthy.run('hostname pve2 && echo pve2 > /etc/hostname && modprobe zfs');
    await makeGuestPool(healthy, { layout: mirror, cipher: 'aes-256-gcm' });
    await startGuests(healthy, quiet);
    const config = join(folder, 'culprit.yaml');
    writeFileSync(config, settingsOf(broken, healthy, prepared.image.keyFile, mailServer.port, await freePort()), { mode: 0o600 });
    server = spawn(process.execPath, [product, 'serve', '--config', config, '--data', join(folder, 'data')], { stdio: ['ignore', 'pipe', 'pipe'] });
    for (const stream of [server.stdout!, server.stderr!]) stream.setEncoding('utf8').on('data', (text: string) => writeFileSync(join(folder, 'server.log'), text, { flag: 'a' }));
    log(`watching; ${healthySeconds} s in which all is well`);
    await sleep(healthySeconds * 1000);
    const before = mails.length;
    if (before > 0) log(`${before} mails of healthy machines`);
    const brokenAtMs = performance.now();
    await breakAsInTheStory(broken);
    log('broken; waiting for the mail that names the cause');
    for (let waited = 0; waited < mostSeconds; waited += lookEverySeconds) {
      const named = mails.slice(before).find(({ text }) => subjectOf(text).includes(cause));
      if (named !== undefined) return { mails: mails.map(({ text }) => text), secondsToCause: Math.round((named.atMs - brokenAtMs) / 1000), folder };
      if (server.exitCode !== null) throw new Error(`The server ended with ${server.exitCode}; see ${join(folder, 'server.log')}`);
      await sleep(lookEverySeconds * 1000);
    }
    return { mails: mails.map(({ text }) => text), folder };
  } finally {
    if (server !== undefined && server.exitCode === null) {
      const ended = new Promise((resolve) => server!.once('exit', resolve));
      server.kill('SIGTERM');
      await Promise.race([ended, sleep(15_000)]);
      server.kill('SIGKILL');
    }
    mailServer.close();
    await Promise.allSettled([...running].map((machine) => machine.stop()));
    release();
  }
}
