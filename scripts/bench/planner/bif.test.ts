import { describe, expect, it } from 'vitest';
import { readNetwork } from './bif.ts';
import { sampleWith } from './troubleshooter.ts';

const text = `network unknown {
}
variable Light {
  type discrete [ 2 ] { On, Off };
}
variable Bulb {
  type discrete [ 2 ] { Good, Broken };
}
variable Power {
  type discrete [ 2 ] { Yes, No };
}
probability ( Light | Bulb, Power ) {
  (Good, Yes) 0.99, 0.01;
  (Broken, Yes) 0.0, 1.0;
  (Good, No) 0.0, 1.0;
  (Broken, No) 0.0, 1.0;
}
probability ( Bulb ) {
  table 0.9, 0.1;
}
probability ( Power ) {
  table 0.95, 0.05;
}
`;

describe('reading a network in the interchange format', () => {
  it('parents come before children, with the tables of the second state', () => {
    expect(readNetwork(text)).toEqual([
      { name: 'Bulb', states: ['Good', 'Broken'], parents: [], secondState: [0.1] },
      { name: 'Power', states: ['Yes', 'No'], parents: [], secondState: [0.05] },
      { name: 'Light', states: ['On', 'Off'], parents: ['Bulb', 'Power'], secondState: [0.01, 1, 1, 1] },
    ]);
  });

  it('says what is missing', () => {
    expect(() => readNetwork(text.replace('  (Broken, No) 0.0, 1.0;\n', ''))).toThrow('The table below Bulb, Power is not complete.');
    expect(() => readNetwork(text.replace('{ Yes, No }', '{ Yes, No, Maybe }'))).toThrow('The variable Power has not two states.');
    expect(() => readNetwork(text.replace(/probability \( Power \) \{[^}]*\}/, ''))).toThrow('There is no table for Power.');
  });

  it('samples follow the tables', () => {
    expect(sampleWith(readNetwork(text), 'none', () => 0.5)).toEqual(new Map([['Bulb', 0], ['Power', 0], ['Light', 0]]));
    expect(sampleWith(readNetwork(text), 'none', () => 0.04).get('Light')).toBe(1);
  });
});
