import { describe, expect, it } from 'vitest';
import exporter, { type Exporter } from './exporter.probe.ts';

function answerTo(line: string): Exporter['answer'] {
  return (exporter.spec.parse(`\nlistening 1\n${line}\n`, { exitStatus: 0 }) as Exporter).answer;
}

describe('an exporter that turns us away at once', () => {
  it('is not blamed where it wants TLS (HTTP 400)', () => expect(answerTo('answer 0 10.00 10.01 400')).toBeUndefined());
  it('is not blamed where it wants a password (HTTP 401)', () => expect(answerTo('answer 0 10.00 10.01 401')).toBeUndefined());
  it('is not blamed where it listens at another address (curl 7, wget 4)', () => {
    expect(answerTo('answer 7 10.00 10.01 000')).toBeUndefined();
    expect(answerTo('answer 4 10.00 10.01')).toBeUndefined();
  });
});
