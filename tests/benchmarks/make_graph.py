"""Draw the graph of the default model for ONNX Runtime, without its weights.

    pip install onnx
    python tests/benchmarks/make_graph.py

writes index/encoding/graphs/all-MiniLM-L6-v2.onnx: BERT (Devlin et al., 2018) with the fused operators of ONNX
Runtime (`com.microsoft`), its matrices in whole numbers. `index.encoding.minilm.graph_weights` names the
weights as here.
"""

import onnx
from onnx import NodeProto, TensorProto, helper

from index.encoding.minilm import GRAPH, LAYERS

VOCABULARY, PLACES, DIMENSION, HEADS, INNER = 30522, 512, 384, 12, 1536
EPSILON = 1e-12
WEIGHTS: list[TensorProto] = []


def weight(name: str, *shape: int, kind: int = TensorProto.FLOAT) -> str:
    """A weight that is handed over when the graph is loaded."""
    tensor = TensorProto(name=name, data_type=kind, dims=shape, data_location=TensorProto.EXTERNAL)
    tensor.external_data.add(key="location", value="weights")
    WEIGHTS.append(tensor)
    return name


def matrix(name: str, given: int, result: int) -> tuple[str, str, str]:
    """A dense layer's matrix in whole numbers of 8 bits, the scale of its columns, and its bias."""
    weights = weight(name, given, result, kind=TensorProto.INT8)
    return weights, weight(f"{name}_scale", result), weight(f"{name}_bias", result)


def fused(kind: str, inputs: list[str], output: str, **attributes: float) -> NodeProto:
    return helper.make_node(kind, inputs, [output], domain="com.microsoft", **attributes)


def normalised(name: str, a: str, b: str, output: str) -> list[NodeProto]:
    """The sum of two, normalised. (ONNX Runtime's one operator for both is several times as slow.)"""
    inputs = [f"{output}_sum", weight(f"{name}_gain", DIMENSION), weight(f"{name}_shift", DIMENSION)]
    return [
        helper.make_node("Add", [a, b], [f"{output}_sum"]),
        helper.make_node("LayerNormalization", inputs, [output], epsilon=EPSILON),
    ]


def layer(i: int, given: str, result: str) -> list[NodeProto]:
    """One layer: attention, then two dense layers, each added to what it was given and normalised.

    The first token, the model's own, has values in the dense layers that are many times those of
    all others; on one scale with them the others would lose half of their precision.
    """
    heads, heads_scale, heads_bias = matrix(f"attention_{i}", DIMENSION, 3 * DIMENSION)
    output, output_scale, output_bias = matrix(f"output_{i}", DIMENSION, DIMENSION)
    widen, widen_scale, widen_bias = matrix(f"widen_{i}", DIMENSION, INNER)
    narrow, narrow_scale, narrow_bias = matrix(f"narrow_{i}", INNER, DIMENSION)
    whole, scale, zero = f"whole_{i}", f"scale_{i}", f"zero_{i}"
    multiply = "DynamicQuantizeMatMul"

    def dense(part: str) -> list[NodeProto]:
        return [
            fused(multiply, [f"{part}_seen_{i}", widen, widen_scale], f"{part}_wide_{i}"),
            fused("BiasGelu", [f"{part}_wide_{i}", widen_bias], f"{part}_active_{i}"),
            fused(multiply, [f"{part}_active_{i}", narrow, narrow_scale, "", narrow_bias], f"{part}_narrowed_{i}"),
        ]

    return [
        helper.make_node("DynamicQuantizeLinear", [given], [whole, scale, zero]),
        fused("QAttention", [whole, heads, heads_bias, scale, heads_scale, "", zero], f"heads_{i}", num_heads=HEADS),
        fused(multiply, [f"heads_{i}", output, output_scale, "", output_bias], f"mixed_{i}"),
        *normalised(f"attended_{i}", f"mixed_{i}", given, f"seen_{i}"),
        helper.make_node("Slice", [f"seen_{i}", "start", "first", "axis"], [f"first_seen_{i}"]),
        helper.make_node("Slice", [f"seen_{i}", "first", "end", "axis"], [f"other_seen_{i}"]),
        *dense("first"),
        *dense("other"),
        helper.make_node("Concat", [f"first_narrowed_{i}", f"other_narrowed_{i}"], [f"narrowed_{i}"], axis=1),
        *normalised(f"layer_{i}", f"narrowed_{i}", f"seen_{i}", result),
    ]


PLACES_IN_TEXT = {"start": 0, "first": 1, "end": 2**31 - 1, "axis": 1}


def model() -> onnx.ModelProto:
    nodes = [
        helper.make_node("Gather", [weight("words", VOCABULARY, DIMENSION), "ids"], ["word"]),
        helper.make_node("Gather", [weight("places", PLACES, DIMENSION), "positions"], ["place"]),
        *normalised("embedding", "word", "place", "states_0"),
    ]
    for i in range(LAYERS):
        nodes += layer(i, f"states_{i}", f"states_{i + 1}" if i + 1 < LAYERS else "tokens")
    inputs = [
        helper.make_tensor_value_info("ids", TensorProto.INT32, [1, "length"]),
        helper.make_tensor_value_info("positions", TensorProto.INT32, ["length"]),
    ]
    output = helper.make_tensor_value_info("tokens", TensorProto.FLOAT, [1, "length", DIMENSION])
    numbers = [helper.make_tensor(name, TensorProto.INT64, [1], [value]) for name, value in PLACES_IN_TEXT.items()]
    graph = helper.make_graph(nodes, "all-MiniLM-L6-v2", inputs, [output], [*WEIGHTS, *numbers])
    operators = [helper.make_opsetid("", 17), helper.make_opsetid("com.microsoft", 1)]
    return helper.make_model(graph, opset_imports=operators, ir_version=8, producer_name="quoth")


if __name__ == "__main__":
    GRAPH.write_bytes(model().SerializeToString(deterministic=True))
    print(f"wrote {GRAPH.name}, {GRAPH.stat().st_size:,} bytes")
