/** A case on the simulated host. */
import { mildest } from '../../../src/sim/chooser.ts';
import type { Run } from '../../../src/sim/commands/command.ts';
import { shell } from '../../../src/sim/commands/shell.ts';
import { createWorld } from '../../../src/sim/create-world.ts';
import { drawLatencies } from '../../../src/sim/latency.ts';
import { siteKeys } from '../../../src/sim/key-files.ts';
import { startScript } from '../../../src/sim/start-flags.ts';
import { oldTowerFileName, towerFileName } from '../../../src/model/tower-file.ts';
import { at, slotStart, stepWorld } from '../../../src/sim/world.ts';
import type { World } from '../../../src/sim/world.ts';
import type { CommandOutcome } from '../../../src/transition/host.ts';
import { GUIDE_SITE } from '../../../src/transition/site.ts';
import type { Site } from '../../../src/transition/site.ts';
import { effectOf, entryLine } from './answer.ts';
import type { CommandAnswer, Entry } from './answer.ts';
import { givenLine } from './case.ts';
import type { CommandCase } from './case.ts';
import { towerSet } from './tower-set.ts';

export const HOME = '/home/sol';
/** One folder for all, so that one folder can stand for it on a real machine; the tower in a folder of its own. */
export const SITE: Site = { ...GUIDE_SITE, ledger: `${HOME}/ledger`, towerDir: `${HOME}/tower` };

const TOWERS = `${HOME}/towers`;
const ROOT = { user: 'root', cwd: '/', t: 0 };
/** Slots that are waited for to see whether a process ends. */
const WATCHED_SLOTS = 40;

/** A world in the slot in which procedures start; nobody types anything, and the active is down. */
export function quietWorld(): World {
  const world = createWorld({
    site: SITE,
    procedure: { name: 'none', title: 'none', params: {}, starts: 'prepared', steps: [{ kind: 'wait', id: 'wait', host: 'operator', slots: 100_000, since: 'here', onFailure: 'stop' }] },
    latencies: drawLatencies(mildest), fork: null, maxSlots: 10_000,
  });
  advanceTo(world, slotStart(world, world.startSlot) + 1);
  const { active, inactive } = world.hosts;
  // The staked identity votes nowhere: its last tower is on the disk of a host that is down.
  drive(world, shell(world, active, 'root', 'systemctl stop sol'));
  advanceTo(world, world.now + world.slotMicros);
  const own = { user: 'sol', cwd: '/', t: world.now };
  inactive.disk.mkdir(TOWERS, own);
  for (const [name, bytes] of Object.entries(towerSet(active.disk.readFile(place('tower/{tower}'), ROOT)))) inactive.disk.writeFile(`${TOWERS}/${name}`, bytes, own);
  return world;
}

/** Puts names in: {tower}, {old-tower}, {staked}, {junk}. Relative names stand in the home folder. */
export function placed(line: string): string {
  const { staked, junk } = siteKeys();
  const names: Readonly<Record<string, string>> = { tower: towerFileName(staked.address), 'old-tower': oldTowerFileName(staked.address), staked: staked.address, junk: junk.inactive.address };
  return line.replaceAll(/\{([a-z-]+)\}/g, (whole, name: string) => names[name] ?? whole);
}

const place = (path: string) => `${HOME}/${placed(path)}`;

/** Answers a case on the host `inactive`. A gap is thrown: a case must be modelled. */
export function simulatedAnswer(one: CommandCase): CommandAnswer {
  const world = quietWorld();
  const host = world.hosts.inactive;
  const type = (as: string, line: string): CommandOutcome => {
    const outcome = drive(world, shell(world, host, as, `cd ${HOME} && ${placed(line)}`));
    if (outcome.gap !== undefined) throw new Error(`${one.name}: not modelled: ${outcome.gap}`);
    return outcome;
  };
  if (one.state !== 'running' || one.start !== null) type('root', 'systemctl stop sol');
  // After the process has ended, so that the voting of the simulated spare adds nothing.
  for (const given of one.given) {
    const { as, line } = givenLine(given);
    const { exit, stderr } = type(as, line);
    if (exit !== 0) throw new Error(`${one.name}: ${line}: ${stderr}`);
  }
  if (one.state === 'loading') type('root', 'systemctl start sol');
  const before = listing(world);
  if (one.start !== null) return startAnswer(world, one.start);
  const { exit, stdout, stderr } = type(one.as, one.run!.replaceAll('{rpc}', '8899'));
  const effect = effectOf(before, listing(world));
  if (!one.watch) return { exit, stdout, stderr, effect, process: null };
  advanceTo(world, world.now + WATCHED_SLOTS * world.slotMicros);
  return { exit, stdout, stderr, effect, process: exits(world).length === 0 ? 'runs' : 'ended' };
}

const exits = (world: World) => world.events.flatMap((event) => (event.type === 'process' && event.host === 'inactive' && event.state === 'exited' && event.t > slotStart(world, world.startSlot) ? [event] : []));

/** The process with these flags: the reason for which it ended as its standard error. Files are not compared: a start may already vote. */
function startAnswer(world: World, flags: string): CommandAnswer {
  const { disk } = world.hosts.inactive;
  const script = startScript(SITE, { authorizedVoter: true, requireTower: false, identity: SITE.identityLink });
  disk.writeFile(SITE.startScript, new TextEncoder().encode(script.replace(/\n$/, ` ${flags}\n`)), ROOT);
  drive(world, shell(world, world.hosts.inactive, 'root', 'systemctl start sol'));
  const count = exits(world).length;
  for (let slots = 0; slots < 200 && exits(world).length === count && world.hosts.inactive.validator?.phase !== 'running'; slots++) advanceTo(world, world.now + world.slotMicros);
  const ended = exits(world)[count];
  return { exit: ended?.exit ?? 0, stdout: '', stderr: ended === undefined ? '' : `${ended.reason}\n`, effect: [], process: ended === undefined ? 'runs' : 'ended' };
}

function drive(world: World, run: Run): CommandOutcome {
  let step = run.next();
  while (step.done !== true) {
    advanceTo(world, step.value);
    step = run.next();
  }
  return step.value;
}

function advanceTo(world: World, t: number): void {
  let there = false;
  at(world, t, () => void (there = true), null);
  while (!there) stepWorld(world);
}

/** What is below the home folder; of bin, ledger and log nothing is told. */
export function listing(world: World): string[] {
  return entries(world).map(entryLine);
}

/** Files, folders and links below the home folder, parents first, paths from the home folder on. */
export function entries({ hosts: { inactive: { disk } } }: World): Entry[] {
  const visit = (path: string): Entry[] =>
    disk.readdir(`${HOME}/${path}`, ROOT).flatMap((name) => {
      const below = path === '' ? name : `${path}/${name}`;
      if (HIDDEN.test(below)) return [];
      const full = `${HOME}/${below}`;
      const { kind, mode, owner, group } = disk.lstat(full, ROOT);
      const content = kind === 'file' ? disk.readFile(full, ROOT) : kind === 'link' ? disk.readlink(full, ROOT) : null;
      const entry: Entry = { path: below, kind, mode, owner, group, content };
      return kind === 'directory' ? [entry, ...visit(below)] : [entry];
    });
  return visit('');
}

/** Not compared: what only one side has. */
export const HIDDEN = /^(?:bin|ledger|solana-validator\.log)(?:$|\/)/;
