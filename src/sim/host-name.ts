/** The two validator hosts. Names are fixed by their role when the procedure starts. */
export type HostName = 'active' | 'inactive';
export const HOST_NAMES: readonly HostName[] = ['active', 'inactive'];
