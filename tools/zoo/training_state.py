"""Checkpoints of a training run."""

import os

import torch


def write(run) -> None:
    """To another file first, so that an end in between leaves the last checkpoint whole."""
    half = run.path.with_suffix(".half")
    torch.save({
        "settings": run.settings, "step": run.step, "seconds": run.seconds, "curve": run.curve,
        "model": run.model.state_dict(), "optimizer": run.optimizer.state_dict(), "random": torch.get_rng_state(),
    }, half)  # fmt: skip
    os.replace(half, run.path)


def read(run) -> None:
    state = torch.load(run.path, weights_only=True)
    if state["settings"] != run.settings:
        raise SystemExit(f"{run.path} was made with other arguments: {state['settings']}")
    run.model.load_state_dict(state["model"])
    run.optimizer.load_state_dict(state["optimizer"])
    torch.set_rng_state(state["random"])
    run.step, run.seconds, run.curve = state["step"], state["seconds"], state["curve"]
