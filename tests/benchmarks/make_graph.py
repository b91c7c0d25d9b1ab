"""Draw the graph of the default model for ONNX Runtime, without its weights.

    pip install onnx
    python tests/benchmarks/make_graph.py

writes index/graphs/all-MiniLM-L6-v2.onnx: BERT (Devlin et al., 2018) with the fused operators of ONNX
Runtime (`com.microsoft`). `index.default_model.graph_weights` names the weights as here.
"""

import onnx
from onnx import NodeProto, TensorProto, helper

from index.default_model import GRAPH, LAYERS

VOCABULARY, PLACES, DIMENSION, HEADS, INNER = 30522, 512, 384, 12, 1536
EPSILON = 1e-12
WEIGHTS: list[TensorProto] = []


def weight(name: str, *shape: int) -> str:
    """A weight that is handed over when the graph is loaded."""
    tensor = TensorProto(name=name, data_type=TensorProto.FLOAT, dims=shape, data_location=TensorProto.EXTERNAL)
    tensor.external_data.add(key="location", value="weights")
    WEIGHTS.append(tensor)
    return name


def fused(kind: str, inputs: list[str], output: str, **attributes: float) -> NodeProto:
    return helper.make_node(kind, inputs, [output], domain="com.microsoft", **attributes)


def layer(i: int, given: str, result: str) -> list[NodeProto]:
    """One layer: attention, then two dense layers, each added to what it was given and normalised."""

    def norm(name: str) -> list[str]:
        return [weight(f"{name}_{i}_scale", DIMENSION), weight(f"{name}_{i}_shift", DIMENSION)]

    attention = [
        weight(f"attention_{i}", DIMENSION, 3 * DIMENSION),
        weight(f"attention_{i}_bias", 3 * DIMENSION),
        "lengths",
    ]
    output, widen, narrow = (
        weight(f"output_{i}", DIMENSION, DIMENSION),
        weight(f"widen_{i}", DIMENSION, INNER),
        weight(f"narrow_{i}", INNER, DIMENSION),
    )
    biases = {name: weight(f"{name}_{i}_bias", INNER if name == "widen" else DIMENSION) for name in NAMES}
    joined = "SkipLayerNormalization"
    return [
        fused("Attention", [given, *attention], f"heads_{i}", num_heads=HEADS),
        helper.make_node("MatMul", [f"heads_{i}", output], [f"mixed_{i}"]),
        fused(joined, [f"mixed_{i}", given, *norm("attended"), biases["output"]], f"seen_{i}", epsilon=EPSILON),
        helper.make_node("MatMul", [f"seen_{i}", widen], [f"wide_{i}"]),
        fused("BiasGelu", [f"wide_{i}", biases["widen"]], f"active_{i}"),
        helper.make_node("MatMul", [f"active_{i}", narrow], [f"narrowed_{i}"]),
        fused(joined, [f"narrowed_{i}", f"seen_{i}", *norm("layer"), biases["narrow"]], result, epsilon=EPSILON),
    ]


NAMES = ("output", "widen", "narrow")


def model() -> onnx.ModelProto:
    norm = [weight("embedding_scale", DIMENSION), weight("embedding_shift", DIMENSION)]
    nodes = [
        helper.make_node("Gather", [weight("words", VOCABULARY, DIMENSION), "ids"], ["word"]),
        helper.make_node("Gather", [weight("places", PLACES, DIMENSION), "positions"], ["place"]),
        helper.make_node("Add", ["word", "place"], ["embedded"]),
        helper.make_node("LayerNormalization", ["embedded", *norm], ["states_0"], epsilon=EPSILON),
    ]
    for i in range(LAYERS):
        nodes += layer(i, f"states_{i}", f"states_{i + 1}" if i + 1 < LAYERS else "tokens")
    inputs = [
        helper.make_tensor_value_info("ids", TensorProto.INT32, ["texts", "length"]),
        helper.make_tensor_value_info("positions", TensorProto.INT32, ["length"]),
        helper.make_tensor_value_info("lengths", TensorProto.INT32, ["texts"]),
    ]
    output = helper.make_tensor_value_info("tokens", TensorProto.FLOAT, ["texts", "length", DIMENSION])
    graph = helper.make_graph(nodes, "all-MiniLM-L6-v2", inputs, [output], WEIGHTS)
    operators = [helper.make_opsetid("", 17), helper.make_opsetid("com.microsoft", 1)]
    return helper.make_model(graph, opset_imports=operators, ir_version=8, producer_name="quoth")


if __name__ == "__main__":
    GRAPH.write_bytes(model().SerializeToString(deterministic=True))
    print(f"wrote {GRAPH.name}, {GRAPH.stat().st_size:,} bytes")
