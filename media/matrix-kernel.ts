/**
 * The one operation that a small network spends its time in, in WebAssembly's vector instructions: rows of weights times columns of
 * sound. Assembled here, for it is forty instructions; a toolchain would be more to keep.
 */

/** WebAssembly's numbers for what is used, as its specification has them. */
const OP = {
  loop: [0x03, 0x40],
  end: [0x0b],
  brIf: (depth: number) => [0x0d, depth],
  get: (local: number) => [0x20, local],
  set: (local: number) => [0x21, local],
  tee: (local: number) => [0x22, local],
  i32: (value: number) => [0x41, value],
  addI32: [0x6a],
  subI32: [0x6b],
  shlI32: [0x74],
  ltI32: [0x49],
  /** Aligned to 16 bytes. */
  load: [0xfd, 0x00, 0x04, 0x00],
  store: [0xfd, 0x0b, 0x04, 0x00],
  zero: [0xfd, 0x0c, ...Array.from({ length: 16 }, () => 0)],
  shuffle: (lanes: readonly number[]) => [
    0xfd,
    0x0d,
    ...lanes.flatMap((lane) => [0, 1, 2, 3].map((at) => 4 * lane + at)),
  ],
  add: [0xfd, 0xe4, 0x01],
  multiply: [0xfd, 0xe6, 0x01],
} as const;
const I32 = 0x7f;
const V128 = 0x7b;

/** Parameters, then locals. */
const [WEIGHTS, SOUND, OUT, ROW_GROUPS, ROW_BYTES, COLUMNS, COLUMN_STEP, OUT_STEP] = [0, 1, 2, 3, 4, 5, 6, 7];
const [SOUND_AT, OUT_AT, COLUMNS_LEFT, AT, ROW, PIECE] = [8, 9, 10, 11, 12, 13];
const SUMS = [14, 15, 16, 17];
const PARAMETERS = 8;
const WHOLE_LOCALS = 5;
const VECTOR_LOCALS = 5;

const { get, set, tee, i32, shuffle } = OP;
/** Lanes of two vectors side by side: the lower halves mixed, the upper ones. */
const LOWER = shuffle([0, 4, 1, 5]);
const UPPER = shuffle([2, 6, 3, 7]);
const [A, B, C, D] = SUMS as [number, number, number, number];

/** One sum of each of four rows, in a vector. */
const folded = (one: number, other: number): number[] => [
  ...[...get(one), ...get(other), ...LOWER],
  ...[...get(one), ...get(other), ...UPPER],
  ...OP.add,
];

const BODY: readonly number[] = [
  ...OP.loop,
  ...[...get(SOUND), ...set(SOUND_AT), ...get(OUT), ...set(OUT_AT), ...get(COLUMNS), ...set(COLUMNS_LEFT)],
  ...OP.loop,
  ...SUMS.flatMap((sum) => [...OP.zero, ...set(sum)]),
  ...[...i32(0), ...set(AT)],
  ...OP.loop,
  ...[...get(SOUND_AT), ...get(AT), ...OP.addI32, ...OP.load, ...set(PIECE)],
  ...[...get(WEIGHTS), ...get(AT), ...OP.addI32, ...set(ROW)],
  ...SUMS.flatMap((sum, index) => [
    ...(index === 0 ? get(ROW) : [...get(ROW), ...get(ROW_BYTES), ...OP.addI32, ...tee(ROW)]),
    ...[...OP.load, ...get(PIECE), ...OP.multiply, ...get(sum), ...OP.add, ...set(sum)],
  ]),
  ...[...get(AT), ...i32(16), ...OP.addI32, ...tee(AT), ...get(ROW_BYTES), ...OP.ltI32, ...OP.brIf(0)],
  ...OP.end,
  ...[...folded(A, C), ...set(A), ...folded(B, D), ...set(B)],
  ...[...get(OUT_AT), ...folded(A, B), ...OP.store],
  ...[...get(SOUND_AT), ...get(COLUMN_STEP), ...OP.addI32, ...set(SOUND_AT)],
  ...[...get(OUT_AT), ...get(OUT_STEP), ...OP.addI32, ...set(OUT_AT)],
  ...[...get(COLUMNS_LEFT), ...i32(1), ...OP.subI32, ...tee(COLUMNS_LEFT), ...OP.brIf(0)],
  ...OP.end,
  ...[...get(WEIGHTS), ...get(ROW_BYTES), ...i32(2), ...OP.shlI32, ...OP.addI32, ...set(WEIGHTS)],
  ...[...get(OUT), ...i32(16), ...OP.addI32, ...set(OUT)],
  ...[...get(ROW_GROUPS), ...i32(1), ...OP.subI32, ...tee(ROW_GROUPS), ...OP.brIf(0)],
  ...OP.end,
  ...OP.end,
];

function moduleBytes(): Uint8Array {
  const sized = (bytes: readonly number[]): number[] => [...leb(bytes.length), ...bytes];
  const section = (id: number, bytes: readonly number[]): number[] => [id, ...sized(bytes)];
  const name = (text: string): number[] => sized([...Buffer.from(text)]);
  const parameters = Array.from({ length: PARAMETERS }, () => I32);
  return Uint8Array.from([
    ...[0x00, 0x61, 0x73, 0x6d, 0x01, 0x00, 0x00, 0x00],
    ...section(1, [1, 0x60, ...sized(parameters), 0]),
    ...section(2, [1, ...name('host'), ...name('memory'), 0x02, 0x00, 0x01]),
    ...section(3, [1, 0]),
    ...section(7, [1, ...name('multiply'), 0x00, 0]),
    ...section(10, [1, ...sized([2, WHOLE_LOCALS, I32, VECTOR_LOCALS, V128, ...BODY])]),
  ]);
}

function leb(value: number): number[] {
  return value < 0x80 ? [value] : [(value & 0x7f) | 0x80, ...leb(value >>> 7)];
}

/** A place in the kernel's memory. */
export interface Block {
  readonly at: number;
  readonly floats: Float32Array;
}

/** `rows` in groups of four and `width` too; what is given beyond a layer's own size is zero. */
export interface Matrix {
  readonly block: Block;
  readonly rows: number;
  readonly width: number;
}

interface Columns {
  sound: Block;
  /** In numbers, from the block's beginning. */
  from?: number;
  count: number;
  /** From one column's beginning to the next one's; they may overlap. */
  step: number;
}

/** Node has it, and TypeScript knows it among a browser's things alone. */
const { WebAssembly: wasm } = globalThis as unknown as {
  WebAssembly: {
    Memory: new (size: { initial: number }) => { buffer: ArrayBuffer };
    Module: new (bytes: Uint8Array) => object;
    Instance: new (module: object, imports: object) => { exports: { multiply: (...given: number[]) => void } };
  };
};

const PAGE_BYTES = 65_536;
const FLOAT_BYTES = 4;
const LANES = 4;

export class MatrixKernel {
  readonly #buffer: ArrayBuffer;
  readonly #multiply: (...given: number[]) => void;
  #usedBytes = 0;

  /** `floats`: of all blocks together, at most. */
  constructor(floats: number) {
    const memory = new wasm.Memory({ initial: Math.ceil((floats * FLOAT_BYTES) / PAGE_BYTES) });
    const { exports } = new wasm.Instance(new wasm.Module(moduleBytes()), { host: { memory } });
    this.#buffer = memory.buffer;
    this.#multiply = exports.multiply;
  }

  block(length: number): Block {
    const at = this.#usedBytes;
    this.#usedBytes += Math.ceil(length / LANES) * LANES * FLOAT_BYTES;
    return { at, floats: new Float32Array(this.#buffer, at, length) };
  }

  /** `weight`: of a row and a place in it; asked within the matrix only. */
  matrix(size: { rows: number; width: number }, weight: (row: number, place: number) => number): Matrix {
    const block = this.block(size.rows * size.width);
    for (let row = 0; row < size.rows; row += 1)
      for (let place = 0; place < size.width; place += 1) block.floats[row * size.width + place] = weight(row, place);
    return { block, ...size };
  }

  /** Each column's results one after another into `out`, from its beginning. */
  multiply(matrix: Matrix, { sound, from = 0, count, step }: Columns, out: Block): void {
    const { block, rows, width } = matrix;
    this.#multiply(
      block.at,
      sound.at + from * FLOAT_BYTES,
      out.at,
      rows / LANES,
      width * FLOAT_BYTES,
      count,
      step * FLOAT_BYTES,
      rows * FLOAT_BYTES,
    );
  }
}
