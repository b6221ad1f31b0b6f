/** Lets many read at the same time, or one change what they read. Who wants to change is let in before readers that come later. */
export class Gate {
  #readers = 0;
  #changing = false;
  readonly #waitingToChange: (() => void)[] = [];
  #waitingToRead: (() => void)[] = [];

  async shared<Result>(body: () => Promise<Result>): Promise<Result> {
    while (this.#changing || this.#waitingToChange.length > 0) await new Promise<void>((resolve) => this.#waitingToRead.push(resolve));
    this.#readers += 1;
    try {
      return await body();
    } finally {
      this.#readers -= 1;
      this.#wake();
    }
  }

  async exclusive<Result>(body: () => Promise<Result>): Promise<Result> {
    while (this.#changing || this.#readers > 0) await new Promise<void>((resolve) => this.#waitingToChange.push(resolve));
    this.#changing = true;
    try {
      return await body();
    } finally {
      this.#changing = false;
      this.#wake();
    }
  }

  #wake(): void {
    if (this.#changing || this.#readers > 0) return;
    const next = this.#waitingToChange.shift();
    if (next !== undefined) {
      next();
      return;
    }
    const readers = this.#waitingToRead;
    this.#waitingToRead = [];
    for (const reader of readers) reader();
  }
}
