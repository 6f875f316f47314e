/** A scenario: one run with what it must come to, and its twin, which differs in one thing and must come out otherwise. */
import type { RunSpec, Subject } from '../explore/run-spec.ts';
import type { Expectation, RawSetup } from './schema.ts';

/** A run to be made, and what is expected of it. */
export interface Setup {
  readonly subject: Subject;
  readonly spec: RunSpec;
  /** As the file has it, twin and scenario merged; shipped names and paths of procedures are kept. */
  readonly given: RawSetup;
  /** Why it comes out so; of a twin only. */
  readonly why?: string;
  readonly expect: Expectation;
}

export interface Scenario {
  readonly name: string;
  readonly title: string;
  readonly file: string;
  /** Rows of the failure catalogue ("38") and of the race catalogue ("R1"). */
  readonly shows: readonly string[];
  readonly why: string;
  /** Slots without an accepted vote that are no failure. */
  readonly downtimeBudget: number;
  readonly run: Setup;
  readonly twin: Setup;
}
