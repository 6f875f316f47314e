/**
 * The recorder: keeps what a run leaves behind, raw, in a folder. docs/end-to-end.md has the layout; `solevoter import` reads it.
 * Everything is read after the run, but for the tower files, which are watched during it.
 */
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { gunzipSync, gzipSync } from 'node:zlib';
import { loadTowerFile, towerFileName } from '../../src/model/tower-file.ts';
import { PRODUCT_VERSION } from '../../src/model/version.ts';
import { chainRecord, landedVotes } from './chain-record.ts';
import type { ChainRecord, LandedTransaction } from './chain-record.ts';
import type { CommandRecord } from './container-host.ts';
import { checked, execute } from './lab.ts';
import type { Keys, Lab, Machine } from './lab.ts';
import type { Cast, Played, Role } from './stage.ts';

const ROLES: readonly Role[] = ['active', 'inactive'];
const LOG = '/home/sol/solana-validator.log';
/** Measuring points that say what happened to votes, banks and leader slots; the other 95 % of a log are left out. */
const KEPT = 'tower-|block-commitment-cache|bank-new_from_parent|duplicate_confirmed_slot|replay_stage-|validator-set_identity';

/** One content of a tower file. `seen`: when the watch met it; `changed`: its time of change. */
export interface TowerSighting {
  readonly host: Role;
  readonly seen: string;
  readonly changed: string | null;
  /** Newest voted slot and root; null when there is no file, or one that does not load. */
  readonly slot: number | null;
  readonly root: number | null;
  readonly why?: string;
}

/** Start or end of a validator process, by its supervisor. */
export interface ProcessRecord {
  readonly host: Role;
  readonly time: string;
  readonly pid: number;
  /** Null at a start. */
  readonly exit: number | null;
}

export interface Recording {
  readonly logs: Readonly<Record<Role, string>>;
  readonly commands: readonly (CommandRecord & { readonly host: Role; readonly id: string })[];
  readonly votes: readonly LandedTransaction[];
  readonly towers: readonly TowerSighting[];
  readonly processes: readonly ProcessRecord[];
  readonly chain: ChainRecord;
  readonly towerFiles: Readonly<Record<Role, Buffer | null>>;
}

export interface Recorder {
  /** Slot of the cluster when it began. */
  readonly fromSlot: number;
  /** Reads everything; call it once, after the runs. The parts are those of the cast with which it was begun. */
  finish(...played: readonly Played[]): Promise<Recording>;
  /** Text that the log of a host has gained since the beginning. */
  logSince(role: Role): Promise<string>;
  processes(): Promise<ProcessRecord[]>;
}

/** Begins: marks the ends of the logs, and watches the tower files. */
export async function startRecorder(lab: Lab, keys: Keys, cast: Cast): Promise<Recorder> {
  const tower = `/mnt/ledger/${towerFileName(keys.staked.publicKey.toBase58())}`;
  const marks: Record<Role, { log: number; unit: number }> = { active: { log: 0, unit: 0 }, inactive: { log: 0, unit: 0 } };
  for (const role of ROLES) {
    const { container } = cast[role];
    const size = async (file: string) => Number((await execute(container, ['stat', '-c', '%s', file], 'root')).stdout || 0);
    marks[role] = { log: await size(LOG), unit: await size('/var/log/unit.log') };
    await checked(container, ['bash', '-c', `watch-tower ${tower} > /tmp/tower-watch 2>&1 < /dev/null & echo $! > /tmp/tower-watch.pid`], 'sol');
  }
  const fromSlot = await lab.connection.getSlot('processed');
  const logSince = async (role: Role) => filteredLog(cast[role], marks[role].log);
  const processes = async () => (await Promise.all(ROLES.map((role) => processesOf(role, cast[role], marks[role].unit)))).flat().sort((a, b) => (a.time < b.time ? -1 : 1));
  const finish = async (...played: readonly Played[]): Promise<Recording> => {
    const logs = { active: await logSince('active'), inactive: await logSince('inactive') };
    const towers = (await Promise.all(ROLES.map((role) => sightings(role, cast[role], keys)))).flat().sort((a, b) => (a.seen < b.seen ? -1 : 1));
    const commands: Recording['commands'][number][] = [];
    for (const one of played) commands.push(...commandsOf(one, cast));
    const [votes, chain] = [await landedVotes(lab.connection, keys, fromSlot), await chainRecord(lab.connection, keys, fromSlot)];
    const towerFiles = { active: await fileOf(cast.active, tower), inactive: await fileOf(cast.inactive, tower) };
    return { logs, commands, votes, towers, processes: await processes(), chain, towerFiles };
  };
  return { fromSlot, finish, logSince, processes };
}

/** The log without measuring points, but for those of votes; packed in the container, since it is long. */
async function filteredLog({ container }: Machine, from: number): Promise<string> {
  const packed = await checked(container, ['bash', '-c', `tail -c +${from + 1} ${LOG} | grep -v -P 'datapoint: (?!${KEPT})' | gzip -c | base64 -w 0`], 'sol');
  return packed === '' ? '' : gunzipSync(Buffer.from(packed, 'base64')).toString();
}

async function processesOf(host: Role, { container }: Machine, from: number): Promise<ProcessRecord[]> {
  const text = await checked(container, ['bash', '-c', `tail -c +${from + 1} /var/log/unit.log`], 'root');
  return text.split('\n').flatMap((line): ProcessRecord[] => {
    const match = /^(\S+) (started|ended) pid=(\d+)(?: code=(\d+))?$/.exec(line);
    return match === null ? [] : [{ host, time: match[1]!, pid: Number(match[3]), exit: match[4] === undefined ? null : Number(match[4]) }];
  });
}

async function sightings(host: Role, { container }: Machine, keys: Keys): Promise<TowerSighting[]> {
  const text = await checked(container, ['bash', '-c', 'kill "$(cat /tmp/tower-watch.pid)" 2> /dev/null; gzip -c /tmp/tower-watch | base64 -w 0'], 'sol');
  const identity = keys.staked.publicKey.toBase58();
  return gunzipSync(Buffer.from(text, 'base64')).toString().split('\n').flatMap((line): TowerSighting[] => {
    const [seen, changed, hex] = line.split(' ');
    if (seen === undefined || changed === undefined) return [];
    if (hex === undefined) return [{ host, seen, changed: null, slot: null, root: null }];
    const load = loadTowerFile(Buffer.from(hex, 'hex'), 'current', identity);
    if (!load.ok) return [{ host, seen, changed, slot: null, root: null, why: load.error.text }];
    return [{ host, seen, changed, slot: load.tower.votes.at(-1)?.slot ?? null, root: load.tower.root }];
  });
}

function commandsOf({ run, hosts }: Played, cast: Cast): Recording['commands'] {
  const left = { active: [...hosts.active.records], inactive: [...hosts.inactive.records] };
  return run.outcomes.flatMap(({ step }) => {
    if (step.kind !== 'run' || step.host === 'operator' || step.host === 'etcd') return [];
    const record = left[step.host].shift()!;
    return [{ ...record, host: record.machine === cast.active.name ? 'active' : 'inactive', id: step.id } as const];
  });
}

async function fileOf({ container }: Machine, path: string): Promise<Buffer | null> {
  const { exit, stdout } = await execute(container, ['base64', '-w', '0', path], 'sol');
  return exit === 0 ? Buffer.from(stdout, 'base64') : null;
}

/** Writes a recording into a folder. `identity`: the staked one, base58; `about` goes into run.json. */
export function writeRecording(folder: string, { logs, commands, votes, towers, processes, chain, towerFiles }: Recording, identity: string, about: object): void {
  mkdirSync(folder, { recursive: true });
  const lines = (values: readonly object[]) => values.map((value) => `${JSON.stringify(value)}\n`).join('');
  const write = (name: string, content: string | Buffer) => writeFileSync(join(folder, name), content);
  write('run.json', `${JSON.stringify({ product: PRODUCT_VERSION, ...about }, null, 2)}\n`);
  write('commands.jsonl', lines(commands));
  write('votes.jsonl', lines(votes));
  write('tower-watch.jsonl', lines(towers));
  write('processes.jsonl', lines(processes));
  write('chain.json', `${JSON.stringify(chain)}\n`);
  for (const role of ROLES) {
    write(`${role}.log.gz`, gzipSync(logs[role], { level: 9 }));
    const tower = towerFiles[role];
    if (tower !== null) write(`${loadTowerFile(tower, 'current', identity).ok ? 'tower' : 'damaged-tower'}-${role}.bin`, tower);
  }
}
