/**
 * A procedure is data: ordered steps, each a host and the command exactly as an operator types it. From this one form
 * come the run on real machines, the run in the simulator, the printed runbook and the mutants.
 */

/** Where a step runs: one of the two validators, the machine of etcd, or the operator's own. */
export type StepHost = 'active' | 'inactive' | 'etcd' | 'operator';

export interface RunStep {
  readonly kind: 'run';
  readonly id: string;
  readonly host: StepHost;
  /** One command line in the shell's grammar, parameters and site values already filled in. */
  readonly run: string;
  /** The guide's scripts have no `set -e`: the default is to go on. */
  readonly onFailure: 'continue' | 'stop';
  readonly why?: string;
  /** Position in the file, from 1, for errors and reports. */
  readonly line?: number;
  readonly column?: number;
}

/** Wait until the cluster's slot, as the operator sees it, has reached an anchor plus a number of slots. */
export interface WaitStep {
  readonly kind: 'wait';
  readonly id: string;
  readonly host: StepHost;
  readonly slots: number;
  /**
   * last-landed-vote: what the vote account shows when the wait begins; last-cast-vote: the true last vote of the
   * active, which only a simulation knows; here: the slot when the wait begins.
   */
  readonly since: 'last-landed-vote' | 'last-cast-vote' | 'here';
  readonly onFailure: 'continue' | 'stop';
  readonly why?: string;
  readonly line?: number;
  readonly column?: number;
}

export type Step = RunStep | WaitStep;

export interface Procedure {
  readonly name: string;
  readonly title: string;
  readonly source?: string;
  /** File it came from, for reports. */
  readonly file?: string;
  readonly params: Readonly<Record<string, number | string>>;
  /** prepared: both hosts stand as `guide-setup` leaves them, and vote; bare: nothing is set up yet. */
  readonly starts: 'prepared' | 'bare';
  /** The tower is kept in etcd, on a third host; prepared: as `guide-etcd-setup` leaves it. */
  readonly etcd?: true;
  /** The version of Agave that it is written for; a site may name another. */
  readonly agave?: string;
  /** rerun: after a stop the operator runs the whole procedure again from the top; done steps confirm quickly. */
  readonly resume?: 'rerun';
  /** Id of the first step that protects: what happens before it has ended may happen without any procedure as well. */
  readonly protectsFrom?: string;
  /** How many faults at once it claims to survive without a violation; what more of them do is told, and fails no gate. */
  readonly survives?: number;
  /** What it cannot prevent, and why no other could. */
  readonly exceptions?: readonly Exception[];
  readonly steps: readonly Step[];
}

/** Something that no procedure of such commands can prevent. */
export interface Exception {
  /** The kind of finding: silence only. A violation is never excepted. */
  readonly finding: 'nobody-votes';
  /** The kind of fault without which it does not come about. */
  readonly with: string;
  /** The name of the scenario that shows it. */
  readonly scenario: string;
  /** The argument. */
  readonly why: string;
  /** Position of the kind of fault in the file, from 1. */
  readonly line?: number;
  readonly column?: number;
}
