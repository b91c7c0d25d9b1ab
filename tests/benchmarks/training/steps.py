"""What both trainings share: their command line, and step after step with a state on disk to go on from."""

import argparse
import time
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path

import torch
from torch import nn

SAVED = 600  # seconds
TOLD = 10  # steps


def command_line(doc: str, seed: int) -> argparse.ArgumentParser:
    """The arguments of a training: TRAINING, BENCH, OUT, --device and --seed."""
    parser = argparse.ArgumentParser(description=doc, formatter_class=argparse.RawDescriptionHelpFormatter)
    for name in ("training", "bench", "out"):
        parser.add_argument(name, type=Path)
    parser.add_argument("--device", default="cpu")
    parser.add_argument("--seed", type=int, default=seed)
    return parser


def take_steps(
    model: nn.Module,
    groups: Sequence[tuple[float, Mapping[str, object]]],
    clipped: Sequence[nn.Parameter],
    out: Path,
    steps: int,
    share: Callable[[int], float],
    learn: Callable[[int], float],
) -> None:
    """Train `model` for so many steps, going on from `out`/state.pt where there is one.

    `groups` are AdamW's, each with its learning rate, of which `share` tells how much counts in a step; `learn` adds
    the gradients of a step and gives its loss; the gradients of `clipped` are held to length 1 together.
    """
    optimizer = torch.optim.AdamW([dict(group) for _, group in groups])
    first, saved = 0, time.monotonic()
    if (out / "state.pt").exists():
        state = torch.load(out / "state.pt", map_location=next(model.parameters()).device, weights_only=True)
        model.load_state_dict(state["model"])
        optimizer.load_state_dict(state["optimizer"])
        first = state["step"]
    for step in range(first, steps):
        for group, (rate, _) in zip(optimizer.param_groups, groups, strict=True):
            group["lr"] = rate * share(step)
        optimizer.zero_grad(set_to_none=True)
        loss = learn(step)
        nn.utils.clip_grad_norm_(clipped, 1.0)
        optimizer.step()
        if (step + 1) % TOLD == 0:
            print(f"step {step + 1} of {steps}, loss {loss:.3f}", flush=True)
        if time.monotonic() - saved > SAVED or step == steps - 1:
            torch.save(
                {"model": model.state_dict(), "optimizer": optimizer.state_dict(), "step": step + 1}, out / "state.new"
            )
            (out / "state.new").replace(out / "state.pt")
            saved = time.monotonic()
