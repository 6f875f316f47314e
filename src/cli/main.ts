#!/usr/bin/env node
/** The command line. Each command loads what it needs when it is called, so that the start is quick. */
import { Command, CommanderError, InvalidArgumentError, Option } from 'commander';
import { InputError, describeDiagnostic } from '../model/diagnostic.ts';
import { PRODUCT_VERSION } from '../model/version.ts';
import { seedOf } from '../explore/seed.ts';
import { EXIT } from '../model/exit-code.ts';

const collect = (value: string, previous: readonly string[] | undefined): string[] => [...(previous ?? []), value];

function wholeNumber(least: number, most: number): (text: string) => number {
  return (text) => {
    const value = Number(text);
    if (!/^\d+$/.test(text) || value < least || value > most) throw new InvalidArgumentError(`Expected a whole number, ${least} to ${most}.`);
    return value;
  };
}

const runs = wholeNumber(0, 1_000_000);
const swarm = wholeNumber(1, 1_000_000);
const threads = wholeNumber(1, 256);
const slots = wholeNumber(0, 1_000_000);

function findingId(text: string): string {
  if (!/^SV-[0-9a-f]{8}$/.test(text)) throw new InvalidArgumentError('Expected an id such as SV-cf0a89a0.');
  return text;
}

function share(text: string): number {
  const value = Number(text);
  if (text.trim() === '' || !(value >= 0 && value <= 1)) throw new InvalidArgumentError('Expected a number from 0 to 1.');
  return value;
}

function seed(text: string): number {
  const value = seedOf(text);
  if (value === null) throw new InvalidArgumentError('Expected an integer or hexadecimal digits, e.g. a commit of git.');
  return value;
}

function subjectOptions(command: Command): Command {
  return command
    .option('--site <file>', 'what differs from the guide: hosts, paths, version, stake, leader slots')
    .option('--agave <version>', 'version of Agave to simulate, e.g. 4.2.0')
    .option('--param <name=value>', 'a parameter of the procedure (may be repeated)', collect);
}

function ciReportOptions(command: Command): Command {
  return command
    .option('--json <file>', 'write the result as JSON')
    .option('--markdown <file>', 'write it as Markdown, for the summary of a job or a ticket')
    .option('--junit <file>', 'write it as JUnit XML')
    .option('--sarif <file>', 'write it as SARIF 2.1.0, for code scanning');
}

function reportOptions(command: Command): Command {
  return ciReportOptions(command)
    .option('--html <file>', 'write it as one HTML page')
    .option('--incident <folder>', 'write an incident log for each violation that is told')
    .option('--prometheus <file>', 'write its time and result for the textfile collector');
}

function build(): Command {
  const program = new Command('solevoter')
    .description('One identity, one voter: rehearse the failover of a Solana validator before touching production.')
    .version(PRODUCT_VERSION)
    .showHelpAfterError('(solevoter --help lists the commands, solevoter COMMAND --help what one takes)')
    .exitOverride()
    .configureOutput({ outputError: (text, write) => write(text) });

  reportOptions(subjectOptions(program.command('rehearse <procedure>').description('run a procedure without faults, then break it in every single way')))
    .addOption(new Option('--faults <k>', 'search instead: every combination of at most k faults within bounds').argParser(wholeNumber(0, 4)).conflicts(['full', 'timings', 'runs']))
    .option('--sample <n>', 'with --faults: n drawn schedules of exactly k faults in place of all', wholeNumber(1, 10_000_000))
    .option('--bounds <file>', 'bounds of search and certificate: steps, quick, full, or a file (default: quick)')
    .option('--seconds <n>', 'end the search after so many seconds', wholeNumber(1, 1_000_000))
    .option('--memory <MiB>', 'end the search when it needs more memory (default: 4096)', wholeNumber(64, 1_000_000))
    .addOption(new Option('--resume <file>', 'with --faults: keep what is done in this file, and go on from there').conflicts(['sample']))
    .option('--full', 'all single faults, with all fork shapes (long)')
    .option('--timings <n>', 'runs over the measured range of latencies', runs, 400)
    .addOption(new Option('--runs <n>', 'a swarm instead: n drawn runs with several faults, forks and timings at once').argParser(swarm).conflicts(['full', 'timings']))
    .option('--seed <seed>', 'seed of what is drawn: an integer, or hexadecimal digits (a commit)', seed, 1)
    .option('--workers <n>', 'threads (default: one a core)', threads)
    .option('--downtime-budget <slots>', 'more slots without a vote than this, without faults, are a failure', slots)
    .option('--fail-on <class>', 'what fails besides violations: hazard, lost-state or downtime')
    .option('--waivers <file>', 'findings that do not fail for a time, with reasons')
    .option('--all', 'print every cause')
    .option('--tell <id>', 'tell the story of this finding, and print its replay token', findingId)
    .action(async (procedure: string, options) => exit(await (await import('./rehearse.ts')).rehearseCommand(procedure, options)));

  subjectOptions(program.command('mutants <procedure>').description('do every step wrong, and tell what each one prevents'))
    .option('--workers <n>', 'threads (default: one a core)', threads)
    .option('--step <id>', 'only this step (may be repeated)', collect)
    .option('--mistake <kind>', 'only this one: drop, repeat, swap, wrong-host, ignore-failure, late (may be repeated)', collect)
    .option('--all', 'print a token for every mistake that makes something worse')
    .option('--fail-on-useless', 'exit 1 when a step with a reason prevents nothing')
    .action(async (procedure: string, options) => exit(await (await import('./mutants.ts')).mutantsCommand(procedure, options)));

  ciReportOptions(subjectOptions(program.command('gate <procedures...>').description('what a pull request must pass: canaries, scenarios, all single faults, a sample of the pairs, a swarm')))
    .option('--scenarios <path>', 'a scenario file, or a folder of them (may be repeated)', collect)
    .option('--bounds <file>', 'bounds of all single faults: steps, quick, full, or a file', 'steps')
    .option('--singles <n>', 'drawn single faults at every boundary (0: none)', runs, 200)
    .option('--pairs <n>', 'drawn pairs of faults (0: none)', runs, 40)
    .option('--runs <n>', 'drawn runs of the swarm (0: none)', runs, 40)
    .option('--canaries <n>', 'drawn bugs that the checker must notice (0: none)', runs, 6)
    .option('--seed <seed>', 'seed of what is drawn: an integer, or hexadecimal digits (a commit)', seed, 1)
    .option('--seconds <n>', 'end each search after so many seconds, as unknown', wholeNumber(1, 1_000_000))
    .option('--workers <n>', 'threads (default: one a core)', threads)
    .option('--waivers <file>', 'findings that do not fail for a time, with reasons')
    .action(async (procedures: string[], options) => exit(await (await import('./gate.ts')).gateCommand(procedures, options)));

  program.command('compare <procedures...>').description('procedures side by side: what each survives, what each costs')
    .option('--site <file>', 'what differs from the guide: hosts, paths, version, stake, leader slots')
    .option('--agave <version>', 'version of Agave to simulate, e.g. 4.2.0')
    .option('--faults <k>', 'faults at once', wholeNumber(0, 2), 1)
    .option('--bounds <file>', 'bounds of the searches: compare, steps, quick, full, or a file', 'compare')
    .option('--seconds <n>', 'end each search after so many seconds, as unknown', wholeNumber(1, 1_000_000))
    .option('--workers <n>', 'threads (default: one a core)', threads)
    .action(async (procedures: string[], options) => exit(await (await import('./compare.ts')).compareCommand(procedures, options)));

  reportOptions(program.command('replay <token>').description('run again what a token names, and tell it'))
    .option('--trace <file>', 'write the trace as JSON Lines')
    .option('--without <fault>', 'leave out a fault: its number in the plan, its kind, or "fork"')
    .option('--no-return', 'find the point of no return of the told finding (takes seconds)')
    .option('--bounds <file>', 'its bounds: quick, full, or a file (default: quick)')
    .action(async (token: string, { return: asUsual, ...options }) => exit(await (await import('./replay.ts')).replayCommand(token, { ...options, noReturn: asUsual === false })));

  program.command('explain <token-or-trace>').description('the story in prose, and what if: Ctrl-C, a dead link, a reboot (takes seconds)')
    .action(async (given: string) => exit((await import('./explain.ts')).explainCommand(given)));

  reportOptions(program.command('run <files...>').description('run scenario files as a regression suite'))
    .option('--waivers <file>', 'findings that do not fail for a time, with reasons')
    .action(async (files: string[], options) => exit(await (await import('./run.ts')).runCommand(files, options)));

  reportOptions(program.command('check <trace>').description('judge a trace file'))
    .option('--downtime-budget <slots>', 'more slots without a vote than this are a failure', slots)
    .option('--fail-on <class>', 'what fails besides violations: hazard, lost-state or downtime')
    .option('--waivers <file>', 'findings that do not fail for a time, with reasons')
    .action(async (file: string, options) => exit((await import('./check.ts')).checkCommand(file, options)));

  program.command('canaries').description('check the checker: bugs that it must notice, faults that must matter')
    .option('--only <words>', 'only the canaries with these words in their name')
    .option('--tokens', 'a replay token for each run that shows something')
    .option('--workers <n>', 'processes at once (default: one a core)', threads)
    .action(async (options) => exit(await (await import('./canaries.ts')).canariesCommand(options)));

  program.command('import [folder]').description('make a trace from the logs of a real run; reads only')
    .option('--active <log>', 'log of the host that votes at first, plain or .gz (may be repeated)', collect)
    .option('--inactive <log>', 'log of the other host (may be repeated)', collect)
    .option('--commands <file>', "the operator's record of the commands, with times")
    .option('--votes <file>', 'vote transactions that landed, as JSON Lines')
    .option('--tower <file>', 'a tower file of the staked identity (may be repeated)', collect)
    .option('--rpc <url>', 'read the landed votes from this RPC node (needs @solana/web3.js)')
    .option('--cache <file>', 'where votes read from the RPC node are kept, to go on from (default: OUTPUT.votes.jsonl)')
    .option('--staked <address>', 'the staked identity, when the logs do not tell it')
    .option('--vote-account <address>', 'the vote account, when the logs do not tell it')
    .option('--stake-share <share>', 'own share of the stake, 0 to 1', share)
    .option('--from <time>', 'take the lines of the logs from this time on (UTC)')
    .option('--to <time>', 'take the lines of the logs up to this time (UTC)')
    .option('--allow-gaps', 'take logs with holes; the verdict stays open')
    .requiredOption('-o, --output <trace>', 'the trace that is written')
    .action(async (folder: string | undefined, options) => exit(await (await import('./import.ts')).importCommand(folder, options)));

  program.command('inspect <tower>').description('explain a tower file: owner, votes, lockouts, signature, what the loader would do')
    .action(async (file: string) => exit((await import('./inspect.ts')).inspectCommand(file)));

  subjectOptions(program.command('show <procedure>').description('print a procedure as a runbook'))
    .option('--as <form>', 'runbook, or bash: one script a host', 'runbook')
    .action(async (procedure: string, options) => exit((await import('./show.ts')).showCommand(procedure, options)));
  return program;
}

function exit(code: number): void {
  process.exitCode = code;
}

/** Errors for people: bad input is exit 3, anything that should not happen is exit 5. */
async function main(): Promise<void> {
  process.stdout.on('error', (error: NodeJS.ErrnoException) => {
    // A reader that has gone (| head) is no error; a result that could not be written is.
    if (error.code === 'EPIPE') return;
    process.stderr.write(`solevoter: the result cannot be written (${error.code ?? error.message})\n`);
    process.exit(EXIT.unknown);
  });
  // There is nowhere left to tell it.
  process.stderr.on('error', () => {});
  process.exitCode = EXIT.unknown;
  try {
    await build().parseAsync();
  } catch (error) {
    if (error instanceof CommanderError) process.exitCode = error.exitCode === 0 ? EXIT.holds : EXIT.badInput;
    else if (error instanceof InputError) {
      for (const diagnostic of error.diagnostics) process.stderr.write(`${describeDiagnostic(diagnostic)}\n`);
      process.exitCode = EXIT.badInput;
    } else {
      process.stderr.write(`solevoter: internal error: ${error instanceof Error ? (error.stack ?? error.message) : String(error)}\n`);
      process.exitCode = EXIT.unknown;
    }
  }
}

await main();
