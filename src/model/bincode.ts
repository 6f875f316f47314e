/**
 * Reading and writing bincode 1.3 as Agave uses it for its files: little endian, integers of fixed width, u64 lengths;
 * and the two compact forms of the vote message, the LEB128 varint and the short_vec length.
 */

/** Why bytes could not be decoded, in bincode's own words, and the offset of the value that could not be read. */
export class BincodeError extends Error {
  readonly offset: number;
  constructor(message: string, offset: number) {
    super(message);
    this.name = 'BincodeError';
    this.offset = offset;
  }
}

/** A cursor over bytes. Every method throws BincodeError instead of reading past the end. */
export class BincodeReader {
  readonly bytes: Uint8Array;
  /** Offset of the next byte. */
  offset = 0;
  private readonly view: DataView;
  private readonly endOfInput: string;

  /** `endOfInput`: what the decoder imitated says when the bytes end; a stream and a slice say different things. */
  constructor(bytes: Uint8Array, endOfInput: string) {
    this.bytes = bytes;
    this.view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
    this.endOfInput = endOfInput;
  }

  get remaining(): number {
    return this.bytes.length - this.offset;
  }

  private take(size: number): number {
    const at = this.offset;
    if (size > this.remaining) throw new BincodeError(`io error: ${this.endOfInput}`, at);
    this.offset = at + size;
    return at;
  }

  u8(): number {
    return this.view.getUint8(this.take(1));
  }

  u32(): number {
    return this.view.getUint32(this.take(4), true);
  }

  u64(): bigint {
    return this.view.getBigUint64(this.take(8), true);
  }

  i64(): bigint {
    return this.view.getBigInt64(this.take(8), true);
  }

  /** A copy of the next `size` bytes. */
  fixed(size: number): Uint8Array {
    const at = this.take(size);
    return this.bytes.slice(at, at + size);
  }

  bool(): boolean {
    const at = this.offset;
    const byte = this.u8();
    if (byte > 1) throw new BincodeError(`invalid u8 while decoding bool, expected 0 or 1, found ${byte}`, at);
    return byte === 1;
  }

  option<T>(value: () => T): T | null {
    const at = this.offset;
    const tag = this.u8();
    if (tag > 1) throw new BincodeError(`tag for enum is not valid, found ${tag}`, at);
    return tag === 1 ? value() : null;
  }

  /** The tag of an enum with `count` variants. */
  variant(count: number): number {
    const at = this.offset;
    const tag = this.u32();
    if (tag >= count) {
      throw new BincodeError(`invalid value: integer \`${tag}\`, expected variant index 0 <= i < ${count}`, at);
    }
    return tag;
  }

  /** A u64 length; refused before anything is reserved when that many elements of `elementSize` bytes cannot follow. */
  length(elementSize: number): number {
    const count = this.u64();
    if (count * BigInt(elementSize) > BigInt(this.remaining)) {
      throw new BincodeError(`io error: ${this.endOfInput}`, this.bytes.length);
    }
    return Number(count);
  }

  list<T>(elementSize: number, element: () => T): T[] {
    return Array.from({ length: this.length(elementSize) }, element);
  }

  /** solana-serde-varint: LEB128, and only the shortest form. */
  varint(): bigint {
    const at = this.offset;
    let value = 0n;
    for (let shift = 0n; shift < 64n; shift += 7n) {
      const byte = this.u8();
      value |= BigInt(byte & 0x7f) << shift;
      if (byte >= 0x80) continue;
      if (value >= 1n << 64n) throw new BincodeError('Last Byte Truncated', at);
      if (byte === 0 && shift !== 0n) throw new BincodeError('Invalid Trailing Zeros', at);
      return value;
    }
    throw new BincodeError('Left Shift Overflows', at);
  }

  /** solana-short-vec: a u16 in one to three bytes, and only the shortest form. */
  shortLength(): number {
    const at = this.offset;
    let value = 0;
    for (let nth = 0; ; nth++) {
      const byte = this.u8();
      if (byte === 0 && nth > 0) {
        throw new BincodeError('invalid value: alias encoding, expected strict form encoding', at);
      }
      if (nth === 2 && byte >= 0x80) {
        const expected = 'a terminal signal on or before byte-three';
        throw new BincodeError(`invalid value: continue signal on byte-three, expected ${expected}`, at);
      }
      value |= (byte & 0x7f) << (7 * nth);
      if (value > 0xffff) {
        throw new BincodeError(`invalid value: integer \`${value}\`, expected a value in the range [0, 65535]`, at);
      }
      if (byte < 0x80) return value;
    }
  }
}

/** Appends values to a growing buffer. Throws RangeError for a value that its field cannot hold. */
export class BincodeWriter {
  private buffer = new Uint8Array(4096);
  private view = new DataView(this.buffer.buffer);
  private size = 0;

  private reserve(size: number): number {
    const at = this.size;
    this.size += size;
    if (this.size > this.buffer.length) {
      const larger = new Uint8Array(Math.max(this.size, 2 * this.buffer.length));
      larger.set(this.buffer);
      this.buffer = larger;
      this.view = new DataView(larger.buffer);
    }
    return at;
  }

  /** What has been written. */
  finish(): Uint8Array {
    return this.buffer.slice(0, this.size);
  }

  u8(value: number): void {
    this.view.setUint8(this.reserve(1), inRange(value, 0xff));
  }

  u32(value: number): void {
    this.view.setUint32(this.reserve(4), inRange(value, 0xffffffff), true);
  }

  u64(value: bigint): void {
    if (value !== BigInt.asUintN(64, value)) throw new RangeError(`${value} does not fit into a u64`);
    this.view.setBigUint64(this.reserve(8), value, true);
  }

  i64(value: bigint): void {
    if (value !== BigInt.asIntN(64, value)) throw new RangeError(`${value} does not fit into an i64`);
    this.view.setBigInt64(this.reserve(8), value, true);
  }

  /** Bytes of a fixed size: no length before them. */
  fixed(value: Uint8Array, size: number): void {
    if (value.length !== size) throw new RangeError(`${value.length} bytes where ${size} belong`);
    this.rest(value);
  }

  /** Bytes as they are. */
  rest(value: Uint8Array): void {
    const at = this.reserve(value.length);
    this.buffer.set(value, at);
  }

  bool(value: boolean): void {
    this.u8(value ? 1 : 0);
  }

  option<T>(value: T | null, write: (value: T) => void): void {
    this.bool(value !== null);
    if (value !== null) write(value);
  }

  list<T>(values: readonly T[], write: (value: T) => void): void {
    this.u64(BigInt(values.length));
    for (const value of values) write(value);
  }

  varint(value: bigint): void {
    if (value !== BigInt.asUintN(64, value)) throw new RangeError(`${value} does not fit into a u64`);
    for (; value >= 0x80n; value >>= 7n) this.u8(Number(value & 0x7fn) | 0x80);
    this.u8(Number(value));
  }

  shortLength(value: number): void {
    for (inRange(value, 0xffff); value >= 0x80; value >>= 7) this.u8((value & 0x7f) | 0x80);
    this.u8(value);
  }
}

function inRange(value: number, max: number): number {
  if (!Number.isInteger(value) || value < 0 || value > max) throw new RangeError(`${value} is not in 0..${max}`);
  return value;
}
