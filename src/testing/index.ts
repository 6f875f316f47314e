/**
 * `solevoter/testing`: rehearsals within a test suite of your own, and arbitraries of fast-check for what may happen in
 * them. Whatever an arbitrary gives shrinks towards the run in which nothing happens. See docs/testing.md.
 */
export { MILDEST } from '../explore/run-spec.ts';
export { arbitraryFault, arbitrarySchedule } from './faults.ts';
export { arbitraryProcedure } from './procedure.ts';
export { loadSubject, rehearseOnce } from './subject.ts';
export { arbitraryWorld } from './world.ts';
export type { FaultOptions, ScheduleOptions } from './faults.ts';
export type { RunSpec, Subject } from '../explore/run-spec.ts';
export type { Trace, TraceEvent } from '../model/trace.ts';
export type { Finding, FindingClass, FindingKind, Judgement } from '../model/verdict.ts';
export type { Fault, Heal } from '../sim/faults.ts';
export type { ForkPlan } from '../sim/fork-plan.ts';
export type { Moment } from '../sim/world.ts';
export type { Procedure, Step } from '../transition/procedure.ts';
export type { Site } from '../transition/site.ts';
