/** What a fingerprint has taken in of the events of a world: they only grow, so that each is taken in once. */
import { Mixer } from './mixer.ts';

export interface Past {
  readonly mixer: Mixer;
  /** How many events. */
  events: number;
}

/** Of a world in which nothing has happened. */
export function noPast(): Past {
  return { mixer: new Mixer(), events: 0 };
}

/** The same past, which may go on in another way. */
export function copyPast({ mixer, events }: Past): Past {
  return { mixer: mixer.copy(), events };
}
