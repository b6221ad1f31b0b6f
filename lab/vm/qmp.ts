import { connect, type Socket } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';

interface Pending {
  readonly command: string;
  readonly resolve: (value: unknown) => void;
  readonly reject: (error: Error) => void;
}

/** A connection to QEMU's machine protocol (docs/interop/qmp-spec in QEMU's sources). Commands are answered in order. */
export class Qmp {
  readonly #socket: Socket;
  readonly #pending: Pending[] = [];
  #text = '';

  private constructor(socket: Socket) {
    this.#socket = socket;
    socket.setEncoding('utf8');
    socket.on('data', (chunk: string) => this.#read(chunk));
    socket.on('close', () => this.#fail('QEMU closed its monitor'));
    socket.on('error', (error) => this.#fail(error.message));
  }

  static async open(path: string): Promise<Qmp> {
    for (let attempt = 0; ; attempt += 1) {
      try {
        const socket = await new Promise<Socket>((resolve, reject) => {
          const made = connect(path, () => resolve(made)).once('error', reject);
        });
        const qmp = new Qmp(socket);
        await qmp.execute('qmp_capabilities');
        return qmp;
      } catch (error) {
        if (attempt >= 50) throw new Error(`QEMU's monitor ${path} cannot be reached.`, { cause: error });
        await sleep(100);
      }
    }
  }

  execute(command: string, args?: Readonly<Record<string, unknown>>): Promise<unknown> {
    return new Promise((resolve, reject) => {
      this.#pending.push({ command, resolve, reject });
      this.#socket.write(`${JSON.stringify({ execute: command, ...(args ? { arguments: args } : {}) })}\n`);
    });
  }

  close(): void {
    this.#socket.destroy();
  }

  #read(chunk: string): void {
    this.#text += chunk;
    for (let end = this.#text.indexOf('\n'); end >= 0; end = this.#text.indexOf('\n')) {
      const line = this.#text.slice(0, end);
      this.#text = this.#text.slice(end + 1);
      const message = JSON.parse(line) as { return?: unknown; error?: { desc: string } };
      if (!('return' in message) && !('error' in message)) continue;
      const pending = this.#pending.shift();
      if (message.error) pending?.reject(new Error(`QEMU refused ${pending.command}: ${message.error.desc}`));
      else pending?.resolve(message.return);
    }
  }

  #fail(why: string): void {
    for (const { command, reject } of this.#pending.splice(0)) reject(new Error(`${command}: ${why}`));
  }
}
