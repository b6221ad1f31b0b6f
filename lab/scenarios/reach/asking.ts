import { connect } from 'node:net';
import { runProcess } from '../../vm/process.ts';

/** How an address looks to somebody who asks it, by the lab's own means. */
export interface Seen {
  readonly ping: boolean;
  readonly ssh: 'connected' | 'refused' | 'silent';
  /** First line that the ssh server says, or nothing. */
  readonly banner: string;
  readonly exporter: 'connected' | 'refused' | 'silent';
}

const waitMs = 5_000;

function tryPort(address: string, port: number): Promise<{ outcome: Seen['ssh']; says: string }> {
  return new Promise((resolve) => {
    let connected = false;
    let says = '';
    const socket = connect({ host: address, port });
    const end = (outcome: Seen['ssh']): void => {
      clearTimeout(timer);
      socket.destroy();
      resolve({ outcome, says });
    };
    const timer = setTimeout(() => end(connected ? 'connected' : 'silent'), waitMs);
    socket.on('connect', () => void (connected = true));
    socket.on('data', (bytes) => {
      says = bytes.toString('latin1').split('\n')[0]!.trim();
      end('connected');
    });
    socket.on('error', (error: NodeJS.ErrnoException) => end(error.code === 'ECONNREFUSED' ? 'refused' : connected ? 'connected' : 'silent'));
    socket.on('close', () => end(connected ? 'connected' : 'silent'));
  });
}

export async function ask(address: string): Promise<Seen> {
  const [pinged, ssh, exporter] = await Promise.all([
    runProcess('ping', ['-n', '-c', '2', '-W', '2', address], { timeoutSeconds: 10 }),
    tryPort(address, 22),
    tryPort(address, 9100),
  ]);
  return { ping: pinged.status === 0, ssh: ssh.outcome, banner: ssh.says, exporter: exporter.outcome };
}

/** Undefined when the address looks as said, else what is different. */
export async function differs(address: string, expected: Partial<Seen>): Promise<string | undefined> {
  const seen = await ask(address);
  const wrong = Object.entries(expected).filter(([key, value]) => seen[key as keyof Seen] !== value);
  return wrong.length === 0 ? undefined : `from outside ${wrong.map(([key, value]) => `${key} is ${String(seen[key as keyof Seen])} instead of ${String(value)}`).join(', ')}`;
}
