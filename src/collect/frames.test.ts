import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { ByteBuffer } from '../lib/byte-buffer.ts';
import { FrameParser, expectedAnswers, maxRunBytes, withLost } from './frames.ts';
import { counter, nonce, probe } from './testing.ts';

interface Frame {
  readonly probe: string;
  readonly body: Uint8Array;
  readonly note: string;
}

const header = (frame: Frame, size = frame.body.length): string => `\n@${nonce} probe ${frame.probe} 1 done 0 10 123.45 ${size} ${frame.note}\n`;
const streamOf = (frames: readonly Frame[]): Buffer =>
  Buffer.concat([
    Buffer.from(`\n@${nonce} meta 1 time=1700000000 uid=0 root=direct\n`),
    ...frames.flatMap((frame) => [Buffer.from(header(frame)), Buffer.from(frame.body)]),
    Buffer.from(`\n@${nonce} end\n`),
  ]);
const newParser = (known = true, most = 100_000): FrameParser => new FrameParser({ ...(known ? { nonce } : {}), maxBytesOf: () => most });
const text = (bytes: Uint8Array): string => new TextDecoder('utf-8', { ignoreBOM: true }).decode(bytes);

const anyFrames = fc
  .uniqueArray(fc.record({ probe: fc.stringMatching(/^[a-z][a-z0-9]{0,8}(-[a-z0-9]{1,5})?$/), body: fc.uint8Array({ maxLength: 300 }), note: fc.stringMatching(/^[!-~]{0,20}$/) }), {
    selector: (frame) => frame.probe,
    maxLength: 6,
  });

describe('the parser of frames', () => {
  it('gives back any frames, whatever stands before and in however many pieces they come', () => {
    fc.assert(
      fc.property(anyFrames, fc.string(), fc.integer({ min: 1, max: 200 }), fc.boolean(), (frames, motd, size, known) => {
        const stream = Buffer.concat([Buffer.from(motd), streamOf(frames)]);
        const parser = newParser(known);
        const outputs = [];
        for (let at = 0; at < stream.length; at += size) outputs.push(...parser.push(stream.subarray(at, at + size)));
        expect(outputs.map(({ probe: id, stdout, note }) => ({ id, stdout, note }))).toEqual(
          frames.map((frame) => ({ id: frame.probe, stdout: text(frame.body), note: frame.note })),
        );
        expect(parser.complete).toBe(true);
        expect(parser.startedAt?.toISOString()).toBe('2023-11-14T22:13:20.000Z');
      }),
    );
  });

  it('gives the whole frames of a stream that is cut at any byte', () => {
    const frames = ['one', 'two', 'three'].map((id) => ({ probe: id, body: Buffer.from(`${id}\n@${nonce} end\n\0\xff`), note: 'n' }));
    const stream = streamOf(frames);
    const ends = frames.map((_, index) => streamOf(frames.slice(0, index + 1)).length - `\n@${nonce} end\n`.length);
    for (let cut = 0; cut < stream.length; cut++) {
      const parser = newParser();
      const outputs = parser.push(stream.subarray(0, cut));
      expect(outputs.length).toBe(ends.filter((end) => end <= cut).length);
      expect(parser.complete).toBe(false);
    }
  });

  it('takes any bytes without an exception', () => {
    const piece = fc.oneof(
      fc.uint8Array({ maxLength: 2_000 }),
      fc.string().map((words) => Buffer.from(`\n@${nonce} ${words}\n`)),
      fc.tuple(fc.integer(), fc.string()).map(([size, words]) => Buffer.from(`\n@${nonce} probe a 1 done 0 0 1 ${size} ${words}\n`)),
      fc.constant(Buffer.from(`\n@${nonce} meta 1 time=99999999999 \n`)),
    );
    fc.assert(
      fc.property(fc.array(piece), fc.boolean(), (pieces, known) => {
        const parser = newParser(known);
        for (const bytes of pieces) parser.push(bytes);
      }),
    );
  });

  it('is not taken in by frames without the nonce, twice the same, or unasked', () => {
    const parser = new FrameParser({ nonce, maxBytesOf: (id) => (id === 'known' ? 10 : undefined) });
    const forged = '\n@ffffffffffffffff probe known 1 done 0 0 1 3 \nbad\n@ffffffffffffffff end\n';
    const frames = ['unknown', 'known', 'known'].map((id, index) => ({ probe: id, body: Buffer.from(`body ${index}`), note: '' }));
    const outputs = parser.push(Buffer.concat([Buffer.from(forged), streamOf(frames)]));
    expect(outputs.map(({ stdout }) => stdout)).toEqual(['body 1']);
    expect(parser.complete).toBe(true);
  });

  it('keeps no more than a probe may say, nor all of them together', () => {
    const short = newParser(true, 10).push(streamOf([{ probe: 'long', body: Buffer.alloc(20, 'x'), note: '' }]));
    expect(short).toMatchObject([{ ended: 'too-large', stdout: 'x'.repeat(10) }]);
    const parser = newParser(true, maxRunBytes);
    const frames = ['a', 'b', 'c'].map((id) => ({ probe: id, body: Buffer.alloc(maxRunBytes / 2 + 1, 'x'), note: '' }));
    const outputs = parser.push(streamOf(frames));
    expect(outputs.map(({ ended }) => ended)).toEqual(['done', 'too-large', 'too-large']);
    expect(outputs.reduce((sum, { stdout }) => sum + stdout.length, 0)).toBe(maxRunBytes);
  });

  it('goes on at the next frame when a body is longer than its header says', () => {
    const first = { probe: 'grown', body: Buffer.from('0123456789'), note: '' };
    const stream = Buffer.concat([Buffer.from(header(first, 4)), first.body, streamOf([{ probe: 'next', body: Buffer.from('x'), note: '' }])]);
    expect(newParser().push(stream).map(({ stdout }) => stdout)).toEqual(['0123', 'x']);
  });

  it('reads a long line of garbage in linear time', () => {
    const parser = newParser();
    const startedMs = performance.now();
    for (let times = 0; times < 200; times++) parser.push(Buffer.alloc(65_536, '\n@0123456789abcdef x'));
    expect(performance.now() - startedMs).toBeLessThan(5_000);
  });
});

describe('the answers that are missing', () => {
  it('are given as lost, in the order of the script', () => {
    const probes = [probe('late', ':'), counter('count', ':'), probe('early', ':', { stage: 'early' }), probe('outside', ':', { vantage: 'client' })];
    expect(expectedAnswers(probes).map((answer) => `${answer.probe}.${answer.sample}`)).toEqual(['early.1', 'count.1', 'count.2', 'late.1']);
    const had = withLost([], probes.slice(0, 1), 'x');
    const all = withLost(had, probes, 'gone');
    expect(all.map((output) => `${output.probe}.${output.sample} ${output.ended} ${output.note}`)).toEqual([
      'late.1 lost x', 'early.1 lost gone', 'count.1 lost gone', 'count.2 lost gone',
    ]);
  });
});

describe('ByteBuffer', () => {
  it('gives the bytes in order however they were appended and taken', () => {
    fc.assert(
      fc.property(fc.array(fc.tuple(fc.uint8Array({ maxLength: 9_000 }), fc.nat(9_000)), { maxLength: 8 }), (steps) => {
        const buffer = new ByteBuffer();
        let expected = Buffer.alloc(0);
        for (const [piece, count] of steps) {
          buffer.append(piece);
          expected = Buffer.concat([expected, piece]);
          const taken = Math.min(count, expected.length);
          expect(buffer.take(taken).equals(expected.subarray(0, taken))).toBe(true);
          expected = expected.subarray(taken);
          expect(buffer.length).toBe(expected.length);
        }
      }),
      { numRuns: 50 },
    );
  });
});
