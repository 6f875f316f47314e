/** A procedure for people to follow: as a runbook, and as one bash script for each host. */
import type { Procedure, Step, StepHost, WaitStep } from '../transition/procedure.ts';

const WIDTH = 80;

const PLACES: Readonly<Record<StepHost, string>> = {
  active: 'the active validator',
  inactive: 'the inactive validator',
  etcd: 'the machine of etcd',
  operator: "the operator's machine",
};

/** A numbered runbook, 80 columns wide; a command stays on its line however long it is. */
export function runbook(procedure: Procedure): string {
  const { title, source, starts, steps } = procedure;
  const lines = [...wrap(title, ''), '='.repeat(Math.min(title.length, WIDTH)), ''];
  if (source !== undefined) lines.push(...wrap(`Source: ${source}`, ''));
  lines.push(...wrap(starts === 'prepared' ? 'Start: both validators are prepared, and run.' : 'Start: nothing is prepared yet.', ''));
  const margin = String(steps.length).length + 2;
  const indent = ' '.repeat(margin);
  for (const [i, step] of steps.entries()) {
    if (step.host !== steps[i - 1]?.host) lines.push('', `On ${PLACES[step.host]}`, '');
    lines.push(`${`${i + 1}.`.padStart(margin - 1)} ${step.id}`);
    if (step.why !== undefined) lines.push(...wrap(`Why: ${step.why}`, indent));
    if (step.kind === 'run') lines.push(...step.run.split('\n').map((line, n) => `${indent}${n === 0 ? '$' : '>'} ${line}`));
    else lines.push(...wrap(waitSentence(step), indent));
    if (step.onFailure === 'stop') lines.push(...wrap(step.kind === 'run' ? 'If it fails, stop here.' : 'If the slot cannot be told, stop here.', indent));
  }
  return `${lines.join('\n')}\n`;
}

/**
 * One script for each host. Between parts of other hosts a script waits for the operator, so that all of them together keep
 * the order of the procedure. A wait counts from the slot in which it begins, for no vote account shows a newer vote.
 */
export function asBash(procedure: Procedure): Record<StepHost, string> {
  return {
    active: script(procedure, 'active'),
    inactive: script(procedure, 'inactive'),
    etcd: script(procedure, 'etcd'),
    operator: script(procedure, 'operator'),
  };
}

function script(procedure: Procedure, host: StepHost): string {
  const { steps } = procedure;
  const lines = ['#!/bin/bash', ...comment(procedure.title), ...comment(`Run on ${PLACES[host]}.`)];
  if (procedure.source !== undefined) lines.push(...comment(`Source: ${procedure.source}`));
  if (!steps.some((step) => step.host === host)) lines.push('', ...comment('There is nothing to do here.'));
  for (const [i, step] of steps.entries()) {
    if (step.host !== host) continue;
    lines.push('');
    const before = steps[i - 1];
    if (before !== undefined && before.host !== host) {
      lines.push(`read -r -p ${quoted(`Is step ${i} (${before.id}) done on ${PLACES[before.host]}? Enter to go on. `)} _ || exit 1`);
    }
    lines.push(...comment(`Step ${i + 1}: ${step.id}`));
    if (step.why !== undefined) lines.push(...comment(`Why: ${step.why}`));
    if (step.kind === 'run') lines.push(...guarded([step.run], step));
    else lines.push(...comment(waitSentence(step)), ...guarded(waitLoop(step), step));
  }
  return `${lines.join('\n')}\n`;
}

/** The lines of a step; where a failure is to end the procedure, it ends the script. */
function guarded(lines: readonly string[], step: Step): string[] {
  return step.onFailure === 'stop' ? ['{', ...lines, '} || exit 1'] : [...lines];
}

/** Polls the cluster's slot. A poll that fails is taken again; only the first one decides whether the step fails. */
function waitLoop(step: WaitStep): string[] {
  return [
    `from=$(solana slot) && [ -n "$from" ] && until [ "$(solana slot)" -ge $((from + ${step.slots})) ] 2>/dev/null; do`,
    '  sleep 1',
    'done',
  ];
}

function waitSentence(step: WaitStep): string {
  const since = {
    'last-landed-vote': 'since the last vote that the vote account shows',
    'last-cast-vote': 'since the last vote that the active validator cast',
    here: 'from here',
  }[step.since];
  return `Wait until ${step.slots} slots have gone by ${since}.`;
}

function comment(text: string): string[] {
  return wrap(text, '# ');
}

function quoted(text: string): string {
  return `'${text.replaceAll("'", "'\\''")}'`;
}

/** Words in lines of at most 80 columns, each beginning with the prefix. */
function wrap(text: string, prefix: string): string[] {
  const lines: string[] = [];
  let line = '';
  for (const word of text.split(/\s+/).filter((word) => word !== '')) {
    if (line !== '' && prefix.length + line.length + 1 + word.length > WIDTH) {
      lines.push(prefix + line);
      line = '';
    }
    line += line === '' ? word : ` ${word}`;
  }
  if (line !== '') lines.push(prefix + line);
  return lines;
}
