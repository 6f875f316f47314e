/** `solevoter run FILES…`: placeholder until the scenario runner lands. */
export async function runCommand(_files: readonly string[]): Promise<number> {
  throw new Error('scenarios are not built yet');
}
