"""What transformers computes on the checkpoint of a golden."""

import torch
from residual_stream import Block, parts_of, record

N_GREEDY = 20
SAME_SUM = 1e-6  # relative; where transformers adds three terms in another order than stream + attn_out + mlp_out


def reference(model, input_ids: list[int]) -> tuple[dict[str, torch.Tensor], torch.Tensor]:
    stream, logits = record(model, input_ids)
    parts = parts_of(model)
    lens = [lens_logits(model, stream[f"resid_post.{layer}"]) for layer in range(len(parts.blocks))]
    check_the_stream(stream, parts.blocks)
    if not torch.equal(lens[-1], logits):
        raise AssertionError("the lens on the last resid_post is not the model's own logits")
    tensors = stream | {f"lens_logits.{layer}": z for layer, z in enumerate(lens)}
    tensors["entropy"] = torch.stack([entropy_nats(z) for z in lens]).float()
    return {name: t.contiguous() for name, t in tensors.items()}, logits


def lens_logits(model, resid: torch.Tensor) -> torch.Tensor:
    with torch.inference_mode():
        return parts_of(model).lens(resid[None])[0]


def check_the_stream(stream: dict[str, torch.Tensor], blocks: list[Block]) -> None:
    """attn_out and mlp_out are exactly what is added to the stream."""
    resid = stream["resid_pre.0"]
    for layer, block in enumerate(blocks):
        attn, mlp = stream[f"attn_out.{layer}"], stream[f"mlp_out.{layer}"]
        mid, post = stream.get(f"resid_mid.{layer}"), stream[f"resid_post.{layer}"]
        if block.reads_mid is None:
            size = resid.abs() + attn.abs() + mlp.abs()
            same = ((resid + attn + mlp - post).abs() <= SAME_SUM * size).all()
        else:
            norms = block.norms_of_sums or (torch.nn.Identity(), torch.nn.Identity())
            with torch.inference_mode():
                same = torch.equal(norms[0](resid + attn), mid) and (
                    block.ends_with_more or torch.equal(norms[1](mid + mlp), post)
                )
        if not same:
            raise AssertionError(f"block {layer}: attn_out and mlp_out are not what is added to the stream")
        resid = post


def entropy_nats(logits: torch.Tensor) -> torch.Tensor:
    """-sum p ln p over the last axis, in nats, computed in float64 from the float32 logits."""
    log_p = torch.log_softmax(logits.double(), dim=-1)
    return -(log_p.exp() * log_p).sum(-1)


def greedy(model, input_ids: list[int]) -> tuple[list[int], float]:
    """Greedy ids, the whole sequence recomputed at each step; and the smallest gap between best and second."""
    ids, margin = list(input_ids), float("inf")
    for _ in range(N_GREEDY):
        with torch.inference_mode():
            logits = model(torch.tensor([ids]), use_cache=False).logits[0, -1]
        top = logits.topk(2)
        margin = min(margin, (top.values[0] - top.values[1]).item())
        ids.append(top.indices[0].item())
    new_ids = ids[len(input_ids):]
    if new_ids != greedy_with_kv_cache(model, input_ids):
        raise AssertionError("greedy ids with and without the KV cache differ")
    return new_ids, margin


def greedy_with_kv_cache(model, input_ids: list[int]) -> list[int]:
    ids, past = [], {}
    feed = input_ids
    for _ in range(N_GREEDY):
        with torch.inference_mode():
            out = model(torch.tensor([feed]), use_cache=True, **past)
        name = "cache_params" if hasattr(out, "cache_params") else "past_key_values"  # Mamba's own name
        past, feed = {name: out[name]}, [out.logits[0, -1].argmax().item()]
        ids += feed
    return ids
