/** Silero v5's weights for 16 kHz out of its published file, by their names in it. */
import protobuf from 'protobufjs';

/** What is read of the file's format; field numbers are the format's own (onnx.proto). */
const FORMAT = `
syntax = "proto3";
message Model { Graph graph = 7; }
message Graph { repeated Node node = 1; }
message Node { repeated string output = 2; string op_type = 4; repeated Attribute attribute = 5; }
message Attribute { string name = 1; Tensor t = 5; Graph g = 6; }
message Tensor { repeated int64 dims = 1; bytes raw_data = 9; }
`;

interface Graph {
  node: { output: string[]; op_type: string; attribute: { name: string; t: Tensor | null; g: Graph | null }[] }[];
}
interface Tensor {
  dims: number[];
  raw_data: Uint8Array;
}

export type Weights = (name: string, dims: readonly number[]) => Float32Array;

/** Throws where a weight is not there, or of another size. */
export function sileroWeights(file: Uint8Array): Weights {
  const model = protobuf.parse(FORMAT, { keepCase: true }).root.lookupType('Model');
  const { graph } = model.toObject(model.decode(file), { longs: Number, defaults: true, arrays: true }) as {
    graph: Graph;
  };
  const constants = new Map(
    branchFor16Khz(graph)
      .node.filter(({ op_type: type }) => type === 'Constant')
      .map(({ output, attribute }) => [(output[0] ?? '').replace(/^.*__/u, ''), attribute[0]?.t ?? null]),
  );
  return (name, dims) => {
    const found = constants.get(name) ?? null;
    if (found === null || String(found.dims) !== String(dims))
      throw new Error(`the voice activity model has no ${name} of ${dims.join('×')}`);
    const bytes = Uint8Array.from(found.raw_data);
    return new Float32Array(bytes.buffer);
  };
}

/** One file holds two networks; the condition is the rate. */
function branchFor16Khz({ node }: Graph): Graph {
  for (const { op_type: type, attribute } of node) {
    const branch = type === 'If' ? attribute.find(({ name }) => name === 'then_branch')?.g : null;
    if (branch != null) return branch;
  }
  throw new Error('the voice activity model has no network for 16 kHz');
}
