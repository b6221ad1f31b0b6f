import { defineFigure } from '../../define/figure.ts';
import taskUsage from './task-usage.fact.ts';

export default defineFigure({
  id: 'task-families',
  title: 'Who used the processors',
  kind: 'bars',
  unit: '% of one processor',
  needs: { usage: taskUsage },
  items: ({ usage }) => usage.families.filter((family) => family.cpuPercent >= 1).slice(0, 8).map((family) => ({ label: family.tasks > 1 ? `${family.name} (${family.tasks})` : family.name, value: family.cpuPercent })),
});
