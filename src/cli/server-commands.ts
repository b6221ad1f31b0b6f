import { Option, type Command } from 'commander';
import { rateWindow, sshOptions, type CommandResult } from './options.ts';

const serveHelp = `
Without settings it watches this machine. Settings are looked for in $CULPRIT_CONFIG and /etc/culprit/culprit.yaml; what it knows is kept in /var/lib/culprit (root) or ~/.local/share/culprit/server.

Exit status: 0 it was told to end, 64 wrong usage or settings, 70 internal error.`;

const hostsAddHelp = `
Comments and order of the settings stay as they are.

Exit status: 0 done, 3 the host did not answer and nothing was written, 64 wrong usage or settings, 70 internal error.`;

/** `serve`, and the commands around its settings. */
export function serverCommands(program: Command, result: CommandResult): void {
  program
    .command('serve')
    .description('watch hosts, raise alarms, investigate by itself, and tell people')
    .option('--config <file>', 'settings (YAML)')
    .option('--data <folder>', 'where it keeps history, incidents and cases')
    .addHelpText('after', serveHelp)
    .action(async (options) => {
      result.exitStatus = await (await import('./commands/serve.ts')).serveAction(options);
    });
  const config = program.command('config').description('check the settings of culprit serve');
  config
    .command('check')
    .description('say what the settings mean, or all that is wrong with them')
    .option('--config <file>', 'settings (YAML)')
    .action(async (options) => {
      result.exitStatus = await (await import('./commands/config.ts')).configCheckAction(options);
    });
  config
    .command('schema')
    .description('print a JSON Schema of the settings, for editors')
    .action(async () => {
      result.exitStatus = (await import('./commands/config.ts')).configSchemaAction();
    });
  const channels = program.command('channels').description('the ways to tell people that the settings of culprit serve name');
  channels
    .command('test')
    .description('send a test message by one channel, or by all of them')
    .argument('[name]', 'name of the channel in the settings')
    .option('--config <file>', 'settings (YAML)')
    .action(async (name: string | undefined, options) => {
      result.exitStatus = await (await import('./commands/channels.ts')).channelsTestAction(name, options);
    });
  const rules = program.command('rules').description('take the alarms of culprit serve elsewhere');
  rules
    .command('export')
    .description('print the kinds of alarm, with what was learned of each host, as rules of Prometheus or as a dashboard of Grafana')
    .option('--config <file>', 'settings (YAML)')
    .option('--data <folder>', 'where culprit serve keeps what it learned')
    .addOption(new Option('--format <format>', 'what is printed').choices(['prometheus', 'grafana']).default('prometheus'))
    .addOption(new Option('--rate-window <time>', 'time that rates are taken over: at least four scrapes').argParser(rateWindow).default('5m'))
    .action(async (options) => {
      result.exitStatus = await (await import('./commands/rules.ts')).rulesExportAction(options);
    });
  for (const command of rules.commands) command.exitOverride().showHelpAfterError(`Try: culprit rules ${command.name()} --help`);
  const hosts = program.command('hosts').description('the hosts that culprit serve watches');
  sshOptions(
    hosts
      .command('add')
      .description('try the connection to a host, say what will be seen of it, and write it into the settings')
      .argument('<target>', 'user@host, ssh://user@host:port, or local')
      .option('--name <name>', 'what it is called in alarms and mails; without it: the name that ssh reaches it by')
      .option('--config <file>', 'settings (YAML); may be a new file')
      .option('--check', 'only try and say; write nothing'),
  )
    .addHelpText('after', hostsAddHelp)
    .action(async (target: string, options) => {
      result.exitStatus = await (await import('./commands/hosts.ts')).hostsAddAction(target, options);
    });
  for (const command of hosts.commands) command.exitOverride().showHelpAfterError(`Try: culprit hosts ${command.name()} --help`);
  for (const command of channels.commands) command.exitOverride().showHelpAfterError(`Try: culprit channels ${command.name()} --help`);
  for (const command of config.commands) command.exitOverride().showHelpAfterError(`Try: culprit config ${command.name()} --help`);
}
