import { expect, it } from 'vitest';
import { olderRelease } from './kernel-pair.ts';

const named = (release: string): string[] => [`linux-image-${release}`, `linux-headers-${release}`];

it('upgrades from the release before the newest', () => {
  const names = ['linux-image-amd64', ...named('6.1.0-9-amd64'), ...named('6.1.0-50-amd64'), ...named('6.1.0-47-amd64')];
  expect(olderRelease(names, '6.1.0-50-amd64')).toBe('6.1.0-47-amd64');
  expect(olderRelease([...named('6.12.107+deb13-amd64'), ...named('6.12.90+deb13-amd64'), ...named('6.12.90+deb13.1-amd64')], '6.12.107+deb13-amd64')).toBe('6.12.90+deb13.1-amd64');
});

it('takes no kernel that is newer, has no headers, or is of another kind', () => {
  const newest = '6.1.0-50-amd64';
  expect(olderRelease([...named(newest), ...named('6.1.0-51-amd64'), 'linux-image-6.1.0-47-amd64'], newest)).toBeUndefined();
  expect(olderRelease([...named('6.1.0-47-cloud-amd64'), ...named('6.1.0-47-rt-amd64'), ...named('6.1.0-47-amd64-dbg')], newest)).toBeUndefined();
});
