/** Faults of the simulation, done to real hosts. Each strikes where the plan says and heals with its step. */
import type { Fault } from '../../src/sim/faults.ts';
import type { Witness } from '../../src/transition/interpreter.ts';
import { checked, until } from './lab.ts';
import type { Lab, Machine } from './lab.ts';
import { follows } from './stage.ts';
import type { Cast, Role } from './stage.ts';

/** What is done before the procedure begins. Throws Error for a fault that nobody has made real. */
export async function spoil(cast: Cast, faults: readonly Fault[]): Promise<void> {
  for (const fault of faults) {
    if (fault.at !== 'before-start') continue;
    if (fault.kind !== 'no-authorized-voter') throw unknown(fault);
    const { container } = cast[fault.on];
    await checked(container, ['sed', '-i', '/--authorized-voter/d', '/home/sol/bin/validator.sh'], 'sol');
    await checked(container, ['systemctl', 'restart', 'sol'], 'root');
  }
}

/** Strikes at the steps of the plan. */
export function faultWitness(cast: Cast, faults: readonly Fault[]): Required<Witness> {
  const at = async (index: number, when: 'before' | 'after') => {
    for (const fault of faults) {
      if (fault.at === 'before-start' || fault.kind.startsWith('operator-')) continue;
      if (fault.at.kind !== 'step') throw unknown(fault);
      if (fault.at.index === index && fault.at.when === when) await strike(cast, fault);
      if (fault.at.index === index && when === 'after') await heal(cast, fault);
    }
  };
  return { before: ({ index }) => at(index, 'before'), after: ({ index }) => at(index, 'after') };
}

async function strike(cast: Cast, fault: Fault): Promise<void> {
  switch (fault.kind) {
    case 'crash':
      await checked(cast[fault.on as Role].container, ['systemctl', 'kill', '-s', 'KILL', 'sol'], 'root');
      return;
    case 'copy-torn':
      await checked(cast.inactive.container, ['bash', '-c', `rm -f ${STAKED_TOWER} && mv ${SFTP} ${SFTP}.whole && cat > ${SFTP} <<'END' && chmod +x ${SFTP}\n${TORN_SFTP}END`], 'root');
      return;
    default:
      throw unknown(fault);
  }
}

async function heal(cast: Cast, fault: Fault): Promise<void> {
  if (fault.kind === 'copy-torn') await checked(cast.inactive.container, ['mv', `${SFTP}.whole`, SFTP], 'root');
}

const SFTP = '/usr/lib/openssh/sftp-server';
/**
 * As in the simulation, the receiver has no tower of the staked identity. One that is there would not be cut: scp writes into it,
 * the beginning would be new and the rest old.
 */
const STAKED_TOWER = '/mnt/ledger/tower-1_9-$(solana-keygen pubkey /home/sol/staked-identity.json).bin';
/** The receiver of a copy that dies at its first write beyond 1 KiB, so that the connection breaks off. */
const TORN_SFTP = `#!/bin/bash\nulimit -f 1\nexec env --default-signal=XFSZ ${SFTP}.whole "$@"\n`;

/** Until a host that was spoiled is up again. */
export async function untilUp(lab: Lab, machine: Machine): Promise<void> {
  await until(`host ${machine.name} is up again`, 300, () => follows(lab, machine));
}

function unknown(fault: Fault): Error {
  return new Error(`the fault "${fault.kind}" cannot be done to a real host here`);
}
