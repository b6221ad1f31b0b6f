const calmLine = { avg10: 0, avg60: 0, avg300: 0, totalMicroseconds: 1_000_000 };

/** A resource that hardly ever held anything up. */
export const calmResource = { some: calmLine, full: calmLine };

/** Two readings five seconds apart, between which tasks were stalled for so many microseconds. */
export function pressureAfter(stalled: { ioSome?: number; ioFull?: number; cpuSome?: number; memorySome?: number }) {
  const later = (some = 0, full = 0) => ({
    some: { ...calmLine, totalMicroseconds: calmLine.totalMicroseconds + some },
    full: { ...calmLine, totalMicroseconds: calmLine.totalMicroseconds + full },
  });
  return {
    first: { cpu: calmResource, io: calmResource, memory: calmResource },
    second: { cpu: later(stalled.cpuSome), io: later(stalled.ioSome, stalled.ioFull), memory: later(stalled.memorySome) },
    intervalSeconds: 5,
  };
}
