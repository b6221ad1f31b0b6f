import { globSync, readFileSync } from 'node:fs';
import { dirname, join, relative } from 'node:path';
import { describe, expect, it } from 'vitest';

const root = join(import.meta.dirname, '..');

/** What the modules of a folder may import of ours, besides their own folder. Everything goes down. */
const allowed: Readonly<Record<string, readonly string[]>> = {
  lib: [],
  define: ['lib'],
  timeline: ['define', 'lib'],
  catalog: ['timeline', 'define', 'lib'],
  collect: ['define', 'lib'],
  diagnose: ['timeline', 'define', 'lib'],
  compare: ['define', 'lib'],
  experiment: ['collect', 'define', 'lib'],
  history: ['define', 'lib'],
  store: ['define', 'lib'],
  report: ['define', 'lib'],
  notify: ['report', 'define', 'lib'],
  investigate: ['collect', 'compare', 'diagnose', 'experiment', 'timeline', 'define', 'lib'],
  watch: ['investigate', 'collect', 'history', 'store', 'notify', 'timeline', 'define', 'lib'],
  settings: ['watch', 'notify', 'history', 'store', 'define', 'lib'],
  server: ['settings', 'watch', 'notify', 'report', 'history', 'store', 'define', 'lib'],
  cli: ['server', 'settings', 'watch', 'notify', 'investigate', 'experiment', 'collect', 'compare', 'diagnose', 'history', 'report', 'catalog', 'define', 'lib'],
};
/** Pure folders touch neither the system nor the clock nor chance. */
const pure = ['catalog', 'compare', 'timeline', 'diagnose', 'report', 'watch/detect', 'watch/incidents', 'lib', 'define'];

const modules = globSync('src/**/*.ts', { cwd: root })
  .filter((file) => !file.endsWith('.test.ts') && !file.endsWith('/testing.ts'))
  .sort()
  .map((file) => {
    const text = readFileSync(join(root, file), 'utf8');
    const imports = [...text.matchAll(/^(?:import|export|\}) ?.* from '([^']+)'|\bimport\('([^']+)'\)/gm)].map((match) => match[1] ?? match[2] ?? '');
    return { file, folder: file.split('/')[1] ?? '', text, imports };
  });

describe('the architecture', () => {
  it('sees all modules', () => {
    expect(modules.length).toBeGreaterThan(300);
    for (const folder of ['lib', 'define', 'catalog', 'collect', 'compare', 'diagnose', 'timeline', 'report', 'notify', 'investigate', 'watch', 'settings', 'store', 'server', 'cli']) {
      expect(modules.filter((module) => module.folder === folder).length, folder).toBeGreaterThan(0);
    }
    expect(modules.flatMap((module) => module.imports).length).toBeGreaterThan(900);
  });

  it('imports go down only', () => {
    const wrong = modules.flatMap(({ file, folder, imports }) =>
      imports
        .filter((path) => path.startsWith('.'))
        .map((path) => relative(join(root, 'src'), join(root, dirname(file), path)).split('/')[0]!)
        .filter((to) => to !== folder && !(to === '..' && folder === 'cli') && !(allowed[folder] ?? []).includes(to))
        .map((to) => `${file} → ${to}`),
    );
    expect(wrong).toEqual([]);
  });

  it('what is pure imports no module of the system and reads no clock', () => {
    const wrong = modules
      .filter(({ file }) => pure.some((folder) => file.startsWith(`src/${folder}/`)))
      .flatMap(({ file, imports, text }) => [
        ...imports.filter((path) => path.startsWith('node:') && path !== 'node:util').map((path) => `${file} → ${path}`),
        ...(/\b(Date\.now\(|new Date\(\)|Math\.random\(|performance\.now\(|process\.(env|platform))/.test(text) ? [`${file} reads clock, chance or environment`] : []),
      ]);
    expect(wrong).toEqual([]);
  });

  it('a unit of the catalogue is told by its suffix and exports by default', () => {
    const units = modules.filter(({ file }) => /\.(probe|fact|symptom|hypothesis|mitigation|experiment|figure|alarm)\.ts$/.test(file));
    expect(units.length).toBeGreaterThan(200);
    expect(units.filter(({ text }) => !/^export default define\w+\(/m.test(text)).map(({ file }) => file)).toEqual([]);
    expect(units.filter(({ folder }) => folder !== 'catalog')).toEqual([]);
  });

  it('the lab and the product share nothing, and the product knows nothing of the lab', () => {
    const lab = globSync('lab/**/*.ts', { cwd: root });
    expect(lab.length).toBeGreaterThan(60);
    const shares = lab.filter((file) => /(from|import\() ?'(\.\.\/)+src\//.test(readFileSync(join(root, file), 'utf8')));
    expect(shares).toEqual([]);
    const rules = modules.filter(({ file }) => /\.(fact|symptom|hypothesis|mitigation)\.ts$/.test(file));
    const withoutExamples = (text: string): string => text.replace(/\n  examples: [\s\S]*$/, '');
    const knows = rules.filter(({ text }) => /labcpu|'vd[b-e]'|QEMU (HARDDISK|NVMe)/i.test(withoutExamples(text))).map(({ file }) => file);
    expect(knows).toEqual([]);
  });
});
