/**
 * Rewrites the generated tables of docs/model.md from the code, so that faults, commands and latencies stay true.
 *
 *     npx tsx scripts/model-tables.ts
 *
 * A table stands between "<!-- table:NAME -->" and "<!-- end:NAME -->". What the code does not hold, such as where a
 * number comes from, stands here by name; a name without its words, or words without their name, is an error.
 */
import { readFileSync, readdirSync, realpathSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { loadCases } from '../test/fidelity/commands/case.ts';
import { CASES } from '../test/fidelity/commands/recorded.ts';
import { AGAVE_VERSIONS, agaveBehaviour } from '../src/sim/agave-versions.ts';
import { commandNames } from '../src/sim/commands/shell.ts';
import { Disk } from '../src/sim/disk.ts';
import { FAULT_KINDS } from '../src/sim/fault-kinds.ts';
import { OPERATOR_KINDS } from '../src/sim/faults.ts';
import { fileCommands, runFileCommand } from '../src/sim/file-commands.ts';
import { FIXED, LATENCY_TABLES } from '../src/sim/latency.ts';
import { PREPARATION_KINDS, preparation } from '../src/sim/preparation.ts';
import { VALIDATOR_POINTS } from '../src/sim/world.ts';
import { FORMS } from './command-forms.ts';
import { measuredValues } from './measured-values.ts';
import { withAllTables } from './page-table.ts';

export const MODEL_PAGE = fileURLToPath(new URL('../docs/model.md', import.meta.url));
const SOURCES = fileURLToPath(new URL('../src/', import.meta.url));

type Words = Readonly<Record<string, string>>;

/** How each fault ends, and what it means for the machine. */
const FAULT_ENDS: Words = {
  crash: 'By itself: the process is gone, systemd starts it again after 1 s. What was written stays.',
  restart: 'By itself: the unit is started again at once.',
  freeze: 'SIGCONT: what should have happened meanwhile happens then, queued votes included.',
  'power-loss': 'The machine boots. Writes of the last 30 s that nobody synced are lost.',
  'disk-stall': 'The waiting votes are saved and sent, in order.',
  'disk-full': 'There is room again.',
  'cut-all': 'All links work again; blocks that were missed are repaired.',
  'cut-gossip': 'The link works again, and what waited spreads.',
  'cut-gossip-in': 'The link works again; a newer contact info of the own key is heard then.',
  'cut-turbine': 'The link works again; blocks that were missed are repaired, oldest first.',
  'cut-votes': 'The links work again.',
  'cut-ssh': 'The link works again. A command that has begun runs on; only its answer is lost.',
  'cut-rpc': 'The link works again.',
  'clock-forward': 'The clock steps back again.',
  'clock-back': 'The clock steps forward again.',
  'tower-torn': 'Does not heal: the file stays with its first 1,000 bytes.',
  'tower-corrupt': 'Does not heal.',
  'tower-removed': 'Does not heal.',
  'tower-stale': 'Does not heal.',
  'tower-foreign': 'Does not heal.',
  'tower-wrong-owner': 'Does not heal.',
  'copy-torn': 'With its step. 1,000 bytes have arrived; of a file that was there already the rest stays.',
  'command-fails': 'With its step.',
  'command-hangs': 'The command begins then.',
  'rpc-errors': 'The provider answers again.',
  'rpc-empty': 'The provider answers again.',
  'rpc-lags': 'The provider catches up.',
  'rpc-lies': 'The provider tells the truth again.',
  stall: 'Blocks come again. At most 400 slots.',
  'delay-turbine': 'What comes from then on is not late. Repair is as late as turbine.',
  'delay-votes': 'What is sent from then on is not late.',
  'delay-gossip': 'What is sent from then on is not late. A contact info of the own key is noticed that much later.',
  'lose-turbine': 'By itself: the block is repaired 2 slots later, and with it what waits for it.',
  'lose-votes': 'By itself: with that one vote transaction, which gossip still carries.',
  'clock-drift': 'The clock loses what it has gained. Contact infos keep the times with which they were made.',
  'etcd-stop': 'It starts again, with its data. All connections to a single node are broken.',
  'etcd-restart': 'By itself: it serves again 1 s later. All connections to a single node are broken.',
  'etcd-freeze': 'What came meanwhile is answered.',
  'etcd-leader-change': 'By itself, after 1.5 s. Strikes only where there are three nodes.',
  'etcd-restore': 'Does not heal; it serves again 1 s later, with the tower and the owner of that time.',
  'etcd-data-lost': 'Does not heal; it serves again 1 s later.',
  'etcd-certificate-expired': 'There are new ones, which everybody has. Connections that stand were never touched.',
  'etcd-disk-full': 'There is room, and it is started again.',
  'cut-etcd': 'The link works again. The request after it finds its connection broken.',
  'hang-etcd': 'What was sent meanwhile arrives.',
  'delay-etcd': 'What is sent from then on is not late.',
};

/** What the operator does instead of the step. */
const OPERATOR_MEANS: Words = {
  'operator-drops': 'leaves the step out',
  'operator-repeats': 'types the step twice',
  'operator-swaps': 'types the next step first',
  'operator-wrong-host': 'types the step on the other validator',
  'operator-ignores-failure': 'goes on when the step fails, though the procedure says to stop',
  'operator-late': 'takes the step 32 slots late',
  'operator-stops': 'leaves after the step and does not come back',
};

const POINT_MEANS: Words = {
  'bank-frozen': 'a bank is frozen; the turn of the replay loop that looks at it comes next',
  'vote-recorded': 'the vote is in the tower in memory; nothing is written, nothing is sent',
  'identity-noticed': 'the loop has seen the new key; the tower is not loaded yet',
  'tower-loaded': 'the tower of the new identity is in memory',
  'tower-saved': 'the file has been renamed; the transaction has not left',
  'vote-sent': 'the leaders have it; gossip does not',
  'identity-set': 'inside set-identity, before its answer',
};

/** Where a latency comes from: "measured" with the run, "derived", or "assumed". */
const LATENCY_FROM: Words = {
  phase: 'derived: the procedure may begin at any part of a slot',
  setIdentity: 'chosen after what was measured',
  scp: 'assumed: nothing was measured over a real network; 20 ms stands for a connection that is already open',
  operatorPause: 'assumed: from a script (20 ms) to quick hands (2.5 s)',
  turbineActive: 'chosen after the difference measured between two hosts; its slow tail, on an overloaded machine, is left out',
  turbineInactive: 'as turbineActive',
  votingService: 'chosen after what was measured; its slow tail is left out',
  votingStall: 'measured once: in one recorded swap the files of three votes came only after the copy',
  nextTurn: 'measured',
  gossip: 'assumed: 300 ms stands for a cluster, 3 ms was measured between two hosts in one room',
  duplicateDetection: 'measured: the older process ended 2.4, 4.0, 12.5 and 66 s after the promotion of the newer one',
  skipsAfterDemotion: 'measured once: 4 skipped slots (496–499) right after a demotion; 8 is two dead leader windows',
  fileCommand: 'assumed',
  keygen: 'assumed',
  rpc: 'assumed',
  sshConnect: 'assumed',
  sshTimeout: 'assumed; the system\'s own limit is longer',
  voteTravel: 'assumed',
  groupVote: 'assumed',
  gossipJoin: 'measured: 10 s and 18 s from the start of a process until the other one ended; the model takes 10 s throughout',
  startUp: 'assumed; on mainnet it is minutes',
  catchUpBank: 'assumed',
  restartDelay: 'from the documented unit: RestartSec=1',
  boot: 'assumed',
  etcd: 'measured: 3.3 ms for a store, 6.4 ms for the two requests of a load, on one machine',
  etcdCommit: 'etcd mvcc/backend, `defaultBatchInterval`',
  etcdStart: 'measured: 0.5 s with little stored; more is assumed',
  etcdElection: 'assumed: between the election time-out of 1 s and twice that',
  etcdTimeout: 'from its source: 5 s and two election time-outs',
  etcdCompaction: 'from its source',
};

/** Every table by its name. */
export function modelTables(): Words {
  return {
    faults: faultTable(),
    operator: operatorTable(),
    preparation: preparationTable(),
    points: table(['point', 'when'], named(VALIDATOR_POINTS, POINT_MEANS).map(([point, means]) => [code(point), means])),
    latencies: latencyTable(),
    'fixed-times': fixedTable(),
    measured: measuredTable(),
    versions: versionTable(),
    commands: commandTable(),
    'file-commands': fileCommandTable(),
    'command-differences': differenceTable(),
    sources: sourceTable(),
  };
}

/** The page with its tables made anew. Throws when a table has no place, or a place no table. */
export function withTables(page: string): string {
  return withAllTables(page, Object.fromEntries(Object.entries(modelTables()).map(([name, text]) => [name, [text]])));
}

/** Flags that the commands of src/sim/commands know, as their sources spell them. */
export function knownFlags(): string[] {
  const folder = `${SOURCES}sim/commands/`;
  const flags = new Set<string>();
  for (const file of readdirSync(folder)) {
    for (const [, spec] of readFileSync(folder + file, 'utf8').matchAll(/'((?:-{1,2}[A-Za-z0-9][A-Za-z0-9-]*)(?:\|-{1,2}[A-Za-z0-9][A-Za-z0-9-]*)*)'/g)) {
      for (const flag of spec!.split('|')) flags.add(flag);
    }
  }
  return [...flags].sort();
}

function faultTable(): string {
  const rows = named(Object.keys(FAULT_KINDS), FAULT_ENDS).map(([kind, ends]) => {
    const { on, heal, sentence } = FAULT_KINDS[kind]!;
    return [code(kind), on === 'rpc' ? 'rpc' : on, sentence('the host').replace(/,$/, ''), heal === null ? 'no' : 'yes', ends];
  });
  return table(['kind', 'on', 'what happens', 'heals', 'how it ends'], rows);
}

function operatorTable(): string {
  return table(['kind', 'the operator …'], named(OPERATOR_KINDS, OPERATOR_MEANS).map(([kind, means]) => [code(kind), means]));
}

function preparationTable(): string {
  const rows = PREPARATION_KINDS.map((kind) => {
    const flaw = preparation(kind, 'inactive')!;
    return [code(kind), flaw.sentence.replaceAll('inactive', 'the host'), flaw.when === 'before-boot' ? 'before the validators were started' : 'since they run'];
  });
  return table(['kind', 'what was left undone or done wrong', 'when'], rows);
}

function latencyTable(): string {
  const names = Object.keys(LATENCY_TABLES) as (keyof typeof LATENCY_TABLES)[];
  const unit: Words = { phase: 'sixteenths of a slot', votingStall: 'slots', skipsAfterDemotion: 'slots' };
  const rows = names.map((name) => {
    const values = [...LATENCY_TABLES[name]];
    const shown = unit[name] === undefined ? `${values.map((micros) => String(micros / 1000)).join(', ')} ms` : `${values.length > 8 ? `${values[0]} to ${values.at(-1)}` : values.join(', ')} ${unit[name]}`;
    return [code(`latency/${name}`), shown, wordsOf(name, LATENCY_FROM)];
  });
  return table(['choice', 'values, the mildest first', 'where it comes from'], rows);
}

function fixedTable(): string {
  const rows = Object.entries(FIXED).map(([name, micros]) => [code(name), micros >= 1_000_000 ? `${micros / 1_000_000} s` : `${micros / 1000} ms`, wordsOf(name, LATENCY_FROM)]);
  const known = [...Object.keys(LATENCY_TABLES), ...Object.keys(FIXED)];
  for (const name of Object.keys(LATENCY_FROM)) if (!known.includes(name)) throw new Error(`there is no latency "${name}" any more`);
  return table(['what', 'takes', 'where it comes from'], rows);
}

function measuredTable(): string {
  const ms = (value: number) => (value < 10 ? value.toFixed(1) : value.toFixed(0));
  const rows = measuredValues().map(({ what, values }) => [what, String(values.length), ...[0, 0.1, 0.5, 0.9].map((part) => ms(values[Math.floor(part * values.length)]!)), ms(values.at(-1)!)]);
  return table(['what', 'how often', 'least, ms', 'a tenth below', 'half below', 'nine tenths below', 'greatest'], rows);
}

function versionTable(): string {
  const rows = AGAVE_VERSIONS.map((version) => {
    const { refusesStakedToStaked, gossipVotes, refreshVoteBlockheight, exitWaits, etcdTower, dropsCapabilities } = agaveBehaviour(version)!;
    return [version, refusesStakedToStaked ? 'refused' : 'allowed', String(gossipVotes), String(refreshVoteBlockheight), exitWaits ? 'yes' : 'no', etcdTower ? 'known' : 'unknown', dropsCapabilities ? 'no' : 'yes'];
  });
  return table(['Agave', 'from one staked identity to another', 'vote slots held in gossip', 'blocks before a vote is re-sent', '`exit` waits for the end', '`--tower-storage etcd`', 'root reaches the socket of another user'], rows);
}

function commandTable(): string {
  const names = commandNames().filter((name) => !Object.hasOwn(fileCommands, name));
  for (const name of Object.keys(FORMS)) if (!names.includes(name)) throw new Error(`there is no command "${name}" any more`);
  return table(['command', 'forms'], names.map((name) => {
    const forms = FORMS[name];
    if (forms === undefined) throw new Error(`the command "${name}" has no words`);
    return [code(name), forms.map(({ form }) => (form === '' ? 'without words' : form)).join('<br>')];
  }));
}

/** What each file command knows is found out by asking it: an option that it does not know ends in a gap. */
function fileCommandTable(): string {
  const letters = [...'abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ'].map((letter) => `-${letter}`);
  const words = [...new Set(readdirSync(`${SOURCES}sim`).filter((file) => /command/.test(file) && file.endsWith('.ts'))
    .flatMap((file) => [...readFileSync(`${SOURCES}sim/${file}`, 'utf8').matchAll(/[a-z]+(?:-[a-z]+)*(?=['"]?: ')/g)].map(([word]) => word)))].sort();
  const rows = Object.keys(fileCommands).sort().map((name) => {
    if (name === '[' || name === 'test') return [code(name), 'strings, integers and files; no `-a` and `-o`, at most four words'];
    if (name === 'echo') return [code(name), '`-n` `-e` `-E`'];
    if (name === 'true' || name === 'false') return [code(name), 'no option'];
    const known = [...letters, ...words.filter((word) => word.length > 1).map((word) => `--${word}`)].filter((option) => knows(name, option));
    return [code(name), known.length === 0 ? 'no option' : known.map(code).join(' ')];
  });
  return table(['command', 'options'], rows);
}

function knows(name: string, option: string): boolean {
  const { gap } = runFileCommand(new Disk(), { user: 'root', cwd: '/', t: 0 }, [name, option, '1']);
  return gap === undefined || !gap.includes(`option ${option}`);
}

/** Cases that the real commands answer otherwise, with the reason for which it is left so. */
function differenceTable(): string {
  const rows = loadCases(CASES).flatMap(({ name, run, start, differs }) => (differs === null ? [] : [[name, code((run ?? `agave-validator … ${start}`).replaceAll('|', '\\|').trim()), differs]]));
  return table(['case', 'line', 'what differs, and why'], rows);
}

/** Files that cite sources of Agave, of the Solana SDK or a SIMD, with their first sentence. */
function sourceTable(): string {
  const rows: string[][] = [];
  for (const folder of ['model', 'sim', 'sim/commands', 'check']) {
    for (const file of readdirSync(SOURCES + folder).filter((one) => one.endsWith('.ts')).sort()) {
      const text = readFileSync(`${SOURCES}${folder}/${file}`, 'utf8').replaceAll(/\n\s*\*\s?/g, ' ');
      const cited = new Set([...text.matchAll(/\b(?:[a-z][\w-]*\/)+[\w{},-]+\.rs\b|SIMD-\d{4}|agave PR \d+/g)].map(([path]) => path));
      if (cited.size > 0) rows.push([code(`src/${folder}/${file}`), [...cited].map((path) => (path.endsWith('.rs') ? code(path) : path)).join(', ')]);
    }
  }
  return table(['file', 'cites'], rows);
}

function named(names: readonly string[], words: Words): [string, string][] {
  for (const name of Object.keys(words)) if (!names.includes(name)) throw new Error(`there is no "${name}" any more`);
  return names.map((name) => [name, wordsOf(name, words)]);
}

function wordsOf(name: string, words: Words): string {
  const found = words[name];
  if (found === undefined) throw new Error(`"${name}" has no words in scripts/model-tables.ts`);
  return found;
}

function code(text: string): string {
  return `\`${text}\``;
}

function table(head: readonly string[], rows: readonly (readonly string[])[]): string {
  const line = (cells: readonly string[]) => `| ${cells.join(' | ')} |`;
  return [line(head), `|${head.map(() => '---').join('|')}|`, ...rows.map(line)].join('\n');
}

if (process.argv[1] !== undefined && realpathSync(process.argv[1]) === fileURLToPath(import.meta.url)) {
  writeFileSync(MODEL_PAGE, withTables(readFileSync(MODEL_PAGE, 'utf8')));
}
