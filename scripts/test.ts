/**
 * `npm test`: installs the Debian packages that tests need (as root on Debian; elsewhere says what to install), checks types,
 * style and generated files, runs all tests and closes with `N passed, N failed, N skipped`. Words behind `--` go to vitest, but for
 * `--lab`: it also breaks a real machine in four ways in the fault lab, which builds it beside the other tests where it is missing.
 */
import { spawn, spawnSync, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/** What the tests need besides Node: a program, and the Debian package that brings it. */
const partners: readonly (readonly [path: string, debianPackage: string])[] = [
  ['/usr/sbin/sshd', 'openssh-server'],
  ['/usr/bin/ssh', 'openssh-client'],
  ['/usr/bin/busybox', 'busybox'],
  ['/usr/bin/sudo', 'sudo'],
  ['/usr/bin/promtool', 'prometheus'],
  ['/usr/bin/prometheus-alertmanager', 'prometheus-alertmanager'],
  ['/usr/bin/victoria-metrics', 'victoria-metrics'],
  ['/usr/bin/prometheus-node-exporter', 'prometheus-node-exporter'],
  ['/usr/bin/sadf', 'sysstat'],
  ['/usr/share/doc/librrds-perl', 'librrds-perl'],
  ['/lib/systemd/systemd-journal-remote', 'systemd-journal-remote'],
  ['/usr/bin/ping', 'iputils-ping'],
  ['/usr/bin/openssl', 'openssl'],
  ['/usr/lib/postgresql', 'postgresql'],
  ['/usr/bin/chromium', 'chromium'],
];

function installPartners(): void {
  const missing = partners.filter(([path]) => !existsSync(path)).map(([, name]) => name);
  if (missing.length === 0) return;
  const isDebian = existsSync('/etc/debian_version');
  if (!isDebian || process.getuid?.() !== 0) {
    console.log(`Some tests are skipped for want of: ${missing.join(' ')}. Install them, or run as root on Debian.`);
    return;
  }
  console.log(`Installing for the tests: ${missing.join(' ')}`);
  const env = { ...process.env, DEBIAN_FRONTEND: 'noninteractive' };
  spawnSync('apt-get', ['update', '-qq'], { stdio: 'inherit', env });
  // Services that packages bring must not start: tests start what they need, on loopback.
  const policy = '/usr/sbin/policy-rc.d';
  const ours = !existsSync(policy);
  if (ours) spawnSync('sh', ['-c', `printf '#!/bin/sh\\nexit 101\\n' > ${policy} && chmod +x ${policy}`]);
  const install = (names: readonly string[]): boolean =>
    spawnSync('apt-get', ['install', '-y', '-qq', '--no-install-recommends', ...names], { stdio: ['ignore', 'ignore', 'inherit'], env }).status === 0;
  // A release may lack one of them, and then none would be installed: they are tried one by one.
  const failed = install(missing) ? [] : missing.filter((name) => !install([name]));
  if (ours) rmSync(policy, { force: true });
  if (failed.length > 0) console.log(`Not installed: ${failed.join(' ')}. The tests that need them are skipped.`);
}

function step(name: string, command: string, args: readonly string[]): boolean {
  const startedAt = performance.now();
  const { status } = spawnSync(command, args, { stdio: 'inherit' });
  console.log(`${status === 0 ? 'ok' : 'FAILED'}: ${name} (${((performance.now() - startedAt) / 1000).toFixed(1)} s)`);
  return status === 0;
}

interface Counts {
  readonly numPassedTests: number;
  readonly numFailedTests: number;
  readonly numPendingTests: number;
  readonly numTodoTests: number;
  readonly numFailedTestSuites: number;
}

function runTests(words: readonly string[]): Counts | undefined {
  const folder = mkdtempSync(join(tmpdir(), 'culprit-test-'));
  try {
    const file = join(folder, 'result.json');
    spawnSync('vitest', ['run', '--reporter=dot', '--reporter=json', `--outputFile.json=${file}`, ...words], { stdio: 'inherit' });
    return existsSync(file) ? (JSON.parse(readFileSync(file, 'utf8')) as Counts) : undefined;
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

/** A fault of the CPU, its healthy twin, a fault of a disk, and a machine at rest. */
const liveScenarios = ['story.three-guests', 'story-twin.three-guests', 'slow-mirror-member.virtual-twenty-a-second', 'idle.guests-at-rest'];

const labCommand = join(import.meta.dirname, '..', 'lab', 'cli.ts');
const canRunLab = (): boolean => process.getuid?.() === 0 && existsSync('/etc/debian_version');

/** The machine is built beside the tests, with what they leave of the cores: for much of that time it only waits. */
function startLabBuild(): ChildProcess {
  return spawn('nice', ['-n', '15', process.execPath, labCommand, 'build', 'bookworm'], { stdio: 'inherit' });
}

function runLab(): { readonly passed: number; readonly failed: number; readonly skipped: number } {
  if (!canRunLab()) {
    console.log('The fault lab is skipped: building its machines takes root on Debian.');
    return { passed: 0, failed: 0, skipped: liveScenarios.length };
  }
  const run = (scenario: string, name: string): boolean => step(name, process.execPath, [labCommand, 'run', scenario, '--suite', 'bookworm']);
  // Whatever else the machine was busy with may have spoilt a measurement; what is wrong twice is wrong.
  const outcomes = liveScenarios.map((scenario) => run(scenario, `lab ${scenario}`) || run(scenario, `lab ${scenario}, once more`));
  const passed = outcomes.filter((right) => right).length;
  return { passed, failed: outcomes.length - passed, skipped: 0 };
}

const words = process.argv.slice(2);
installPartners();
const labBuild = words.includes('--lab') && canRunLab() ? startLabBuild() : undefined;
const steps = [
  step('types', 'tsc', ['--noEmit']),
  step('style', 'oxlint', ['--quiet']),
  step('generated files', process.execPath, [join(import.meta.dirname, 'generate.ts'), '--check']),
];
const counts = runTests(words.filter((word) => word !== '--lab'));
if (labBuild && labBuild.exitCode === null) await once(labBuild, 'exit');
const lab = words.includes('--lab') ? runLab() : { passed: 0, failed: 0, skipped: 0 };
const failedSteps = steps.filter((passed) => !passed).length;
const passed = (counts?.numPassedTests ?? 0) + steps.length - failedSteps + lab.passed;
const failed = (counts ? counts.numFailedTests + (counts.numFailedTests === 0 ? counts.numFailedTestSuites : 0) : 1) + failedSteps + lab.failed;
const skipped = (counts?.numPendingTests ?? 0) + (counts?.numTodoTests ?? 0) + lab.skipped;
console.log(`${passed} passed, ${failed} failed, ${skipped} skipped`);
process.exitCode = failed > 0 ? 1 : 0;
