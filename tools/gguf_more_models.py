"""More of the tiny models that gguf_goldens.py converts."""

from gguf_models import LLAMA, tiny
from goldens.descendants import GROWING, PICTURES
from goldens.golden import rope

MORE_MODELS = [
    tiny("mistral3", "ministral3", 60, "rows in pairs, YaRN, scores that grow every 4 positions",
         **LLAMA | dict(head_dim=6), rope_parameters=GROWING),
    tiny("mistral3-small", "mistral3", 61, "the text part of a model that sees pictures, a Mistral; tied",
         text_config=dict(model_type="mistral", **LLAMA | dict(head_dim=6), sliding_window=None, **rope(1e4)),
         vision_config=PICTURES),
]
