import { defineFigure } from '../../define/figure.ts';
import filesystemSpace from './space.fact.ts';

/** Shown where something is filling up; on a host with room it would say nothing. */
const worthShowingPercent = 80;

export default defineFigure({
  id: 'fullest-filesystems',
  title: 'Fullest file systems',
  kind: 'bars',
  unit: '%',
  limit: 95,
  needs: { space: filesystemSpace },
  items: ({ space }) => {
    const bars = space.filesystems.slice(0, 8).map(({ mountPoint, usedPercent }) => ({ label: mountPoint, value: usedPercent }));
    return (bars[0]?.value ?? 0) >= worthShowingPercent ? bars : [];
  },
});
