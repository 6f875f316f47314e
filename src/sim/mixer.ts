/** Mixing numbers and words into 128 bits. Not cryptographic: nobody plans collisions against a simulation. */

export interface Digest {
  readonly a: number;
  readonly b: number;
  readonly c: number;
  readonly d: number;
}

const FLOAT = new Float64Array(1);
const WORDS = new Int32Array(FLOAT.buffer);
const texts = new Map<string, Digest>();
const MOST_TEXTS = 20_000;

/**
 * Four lanes of 32 bits; each word goes into every lane, and each lane as it was into the next, so that a processor can
 * work on all four at once.
 */
export class Mixer {
  private a = 0x1e3779b9;
  private b = 0x05ebca6b;
  private c = 0x42b2ae35;
  private d = 0x27d4eb2f;

  /** Takes in 32 bits. */
  word(x: number): void {
    const a = Math.imul(this.a ^ x, 0x85ebca77);
    const b = Math.imul((this.b + x) ^ this.a, 0xc2b2ae3d);
    const c = Math.imul((this.c ^ x) + this.b, 0x27d4eb2f);
    const d = Math.imul((this.d + x) ^ this.c, 0x165667b1);
    this.a = a ^ (a >>> 15);
    this.b = b ^ (b >>> 13);
    this.c = c ^ (c >>> 16);
    this.d = d ^ (d >>> 14);
  }

  /** Takes in any number. */
  number(x: number): void {
    if (x === (x | 0)) return this.word(x);
    FLOAT[0] = x;
    this.word(0x7fc00001);
    this.word(WORDS[0]!);
    this.word(WORDS[1]!);
  }

  /** Takes in a text. */
  text(text: string): void {
    let digest = texts.get(text);
    if (digest === undefined) {
      const mixer = new Mixer();
      mixer.word(text.length);
      for (let i = 0; i < text.length; i++) mixer.word(text.charCodeAt(i));
      if (texts.size === MOST_TEXTS) texts.clear();
      texts.set(text, (digest = mixer.end()));
    }
    this.digest(digest);
  }

  digest({ a, b, c, d }: Digest): void {
    this.word(a);
    this.word(b);
    this.word(c);
    this.word(d);
  }

  /** The lanes, after what came last has reached those behind. */
  end(): Digest {
    for (let i = 0; i < 4; i++) this.word(0);
    return { a: this.a, b: this.b, c: this.c, d: this.d };
  }

  /** Another mixer that has taken in the same. */
  copy(): Mixer {
    const copy = new Mixer();
    copy.a = this.a;
    copy.b = this.b;
    copy.c = this.c;
    copy.d = this.d;
    return copy;
  }
}

/** 128 bits as a key. */
export function keyOf({ a, b, c, d }: Digest): string {
  return String.fromCharCode(a >>> 16, a & 0xffff, b >>> 16, b & 0xffff, c >>> 16, c & 0xffff, d >>> 16, d & 0xffff);
}
