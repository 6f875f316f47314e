/** The port between a procedure and machines, real or simulated: run a command line, get its outcome. */
export interface CommandOutcome {
  readonly exit: number;
  readonly stdout: string;
  readonly stderr: string;
  /** Set when the simulator met something that it does not model; never a silent success. */
  readonly gap?: string;
}

/** A machine on which a procedure can act. Nothing in it is specific to Solana. */
export interface Host {
  readonly name: string;
  run(line: string): Promise<CommandOutcome>;
}
