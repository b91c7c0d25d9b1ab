"""The default model's network written out, so that its layers can be trained.

Six layers, 384 wide, 12 heads; the embeddings of words and places stay as published. Where the device has
bfloat16 the sums are in it (`mixed`), the weights are in float32.
"""

from collections.abc import Mapping, Sequence

import torch
from safetensors.torch import load_file
from torch import Tensor, nn
from torch.nn import functional

from index.encoding.minilm import LAYERS
from index.encoding.pinned import published_weights

DIMENSION, HEADS = 384, 12
DENSE = {
    "query": "attention.self.query",
    "key": "attention.self.key",
    "value": "attention.self.value",
    "output": "attention.output.dense",
    "widen": "intermediate.dense",
    "narrow": "output.dense",
}
NORMS = {"attended": "attention.output.LayerNorm", "layer": "output.LayerNorm"}
_EPSILON = 1e-12


def published() -> dict[str, Tensor]:
    """The published weights in float32, by their published names."""
    return {name: value.float() for name, value in load_file(published_weights().checked()).items()}


def _norm(weights: Mapping[str, Tensor], path: str) -> nn.LayerNorm:
    norm = nn.LayerNorm(DIMENSION, _EPSILON)
    norm.load_state_dict({name: weights[f"{path}.{name}"] for name in ("weight", "bias")})
    return norm


class Layer(nn.Module):
    """Attention, then two dense layers, each added to what it was given and normalised."""

    def __init__(self, weights: Mapping[str, Tensor], path: str) -> None:
        super().__init__()
        for name, place in DENSE.items():
            wide, given = weights[f"{path}.{place}.weight"].shape
            dense = nn.Linear(given, wide)
            dense.load_state_dict({part: weights[f"{path}.{place}.{part}"] for part in ("weight", "bias")})
            self.add_module(name, dense)
        for name, place in NORMS.items():
            self.add_module(name, _norm(weights, f"{path}.{place}"))

    def forward(self, states: Tensor, bias: Tensor) -> Tensor:
        def heads(values: Tensor) -> Tensor:
            return values.view(*values.shape[:2], HEADS, DIMENSION // HEADS).transpose(1, 2)

        query, key, value = heads(self.query(states)), heads(self.key(states)), heads(self.value(states))
        shares = ((query * (DIMENSION // HEADS) ** -0.5) @ key.transpose(-1, -2) + bias).softmax(-1)
        seen = (shares.to(value.dtype) @ value).transpose(1, 2).reshape(states.shape)
        states = self.attended(states + self.output(seen))
        return self.layer(states + self.narrow(functional.gelu(self.widen(states))))


class Network(nn.Module):
    """Token numbers (n, length), 0 where there is none → last states (n, length, 384)."""

    def __init__(self, weights: Mapping[str, Tensor]) -> None:
        super().__init__()
        places = (
            weights["embeddings.position_embeddings.weight"] + weights["embeddings.token_type_embeddings.weight"][0]
        )
        self.register_buffer("words", weights["embeddings.word_embeddings.weight"])
        self.register_buffer("places", places)
        self.first = _norm(weights, "embeddings.LayerNorm")
        self.layers = nn.ModuleList(Layer(weights, f"encoder.layer.{i}") for i in range(LAYERS))

    def forward(self, ids: Tensor) -> Tensor:
        states = self.first(self.words[ids] + self.places[: ids.shape[1]])
        kind = torch.bfloat16 if torch.is_autocast_enabled(ids.device.type) else torch.float32
        bias = torch.zeros(ids.shape, dtype=kind, device=ids.device).masked_fill(ids == 0, -1e4)[:, None, None, :]
        for layer in self.layers:
            states = layer(states, bias)
        return states

    def trained(self) -> dict[str, Tensor]:
        """What was trained, in float32, by the published names."""
        modules = {"embeddings.LayerNorm": self.first}
        for i, layer in enumerate(self.layers):
            for name, place in {**DENSE, **NORMS}.items():
                modules[f"encoder.layer.{i}.{place}"] = getattr(layer, name)
        return {
            f"{path}.{part}": value.detach().float().cpu()
            for path, module in modules.items()
            for part, value in (("weight", module.weight), ("bias", module.bias))
        }


def mixed(device: str) -> torch.autocast:
    """Sums in bfloat16 where the device computes in it: a processor that only imitates it takes three times as long."""
    return torch.autocast(device, torch.bfloat16, device != "cpu" or torch.ops.mkldnn._is_mkldnn_bf16_supported())


def rounded_up(length: int) -> int:
    """A length at which texts are padded: few different ones, since each shape costs memory."""
    return -(-length // 32) * 32


def padded(rows: Sequence[Sequence[int]], fill: int = 0, device: str = "cpu") -> Tensor:
    """Lists of numbers as one tensor (n, length): of the longest, rounded up."""
    found = torch.full((len(rows), rounded_up(max(map(len, rows)))), fill, dtype=torch.long)
    for i, row in enumerate(rows):
        found[i, : len(row)] = torch.as_tensor(row)
    return found.to(device)
