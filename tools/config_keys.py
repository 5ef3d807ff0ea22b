"""Derives which keys of config.json transformers reads, architecture by architecture, from its own source.

    python tools/config_keys.py --out core/src/main/resources/entropylens/family/config-keys
    python tools/config_keys.py --out core/src/main/resources/entropylens/family/config-keys --check

A key counts as read when the configuration class of the architecture declares it, renames it (`attribute_map`) or takes
it out of `kwargs`, or when the modelling code, or a helper that all models share, says `config.key` or
`getattr(config, "key", ...)`. Of the classes in modeling_layers.py those count that the modelling code imports: the
others only draft tokens for generation. Keys inside `rope_scaling` or `rope_parameters` are those that the function of the rope
type looks up. Nothing is imported or run but the parser. `--check` writes nothing and fails where a file differs.
"""

import argparse
import ast
import importlib.metadata
import importlib.util
import json
import sys
from pathlib import Path

FAMILIES = [
    "apertus", "arcee", "bamba", "bloom", "codegen", "cohere", "cohere2", "cwm", "deepseek_v2", "deepseek_v3", "dots1",
    "ernie4_5", "ernie4_5_moe", "exaone4", "falcon", "falcon_h1", "falcon_mamba", "flex_olmo", "gemma", "gemma2",
    "gemma3_text", "gemma4_text", "glm", "glm4", "glm4_moe", "glm4_moe_lite", "gpt2", "gpt_bigcode", "gpt_neo",
    "gpt_neox", "gpt_oss", "gptj", "granite", "granitemoe", "granitemoehybrid", "helium", "hunyuan_v1_dense",
    "hunyuan_v1_moe", "hyperclovax", "internlm2", "internlm3", "jais2", "jamba", "lfm2", "lfm2_moe", "llama",
    "llama4_text", "mamba", "mamba2", "mellum", "minimax_m2", "ministral", "ministral3", "mistral", "mixtral", "mpt",
    "nemotron", "olmo", "olmo2", "olmo3", "olmoe", "opt", "persimmon", "phi", "phi3", "phimoe", "qwen2", "qwen2_moe",
    "qwen3", "qwen3_5_moe_text", "qwen3_5_text", "qwen3_moe", "qwen3_next", "seed_oss", "smollm3", "solar_open",
    "stablelm", "starcoder2", "vaultgemma",
]  # fmt: skip
FOLDERS = {"gemma3_text": "gemma3", "gemma4_text": "gemma4", "internlm2": "llama", "internlm3": "llama", "llama4_text": "llama4", "qwen3_5_moe_text": "qwen3_5_moe", "qwen3_5_text": "qwen3_5"}
FURTHER = {"internlm2": {"bias"}, "internlm3": {"bias", "qkv_bias"}}  # Llama under other names, which transformers lacks
HELPERS = ["configuration_utils.py", "modeling_utils.py", "masking_utils.py", "cache_utils.py"]
LAYERS = "modeling_layers"
ROPE = "modeling_rope_utils.py"
ROPE_TYPES = {"linear": "linear", "dynamic": "dynamic", "yarn": "yarn", "longrope": "longrope", "llama3": "llama3", "proportional": "proportional"}
ROPE_DICTS = {"rope_parameters", "rope_parameters_dict", "rope_scaling"}
CONFIGS = {"config", "text_config", "self_config", "decoder_config"}


def is_config(node: ast.expr) -> bool:
    """`config`, `self.config`, `config.text_config`, `config.get_text_config()`."""
    if isinstance(node, ast.Call):
        return isinstance(node.func, ast.Attribute) and node.func.attr == "get_text_config"
    return (isinstance(node, ast.Name) and node.id in CONFIGS) or (isinstance(node, ast.Attribute) and node.attr in CONFIGS)


def text(node: ast.expr) -> str | None:
    return node.value if isinstance(node, ast.Constant) and isinstance(node.value, str) else None


def is_name(node: ast.expr, names: set[str]) -> bool:
    return (isinstance(node, ast.Name) and node.id in names) or (isinstance(node, ast.Attribute) and node.attr in names)


def called(tree: ast.AST) -> set[int]:
    return {id(node.func) for node in ast.walk(tree) if isinstance(node, ast.Call)}


def looked_up(tree: ast.AST, dicts: set[str]) -> set[str]:
    """Keys of `d["key"]`, `d.get("key")`, `d.pop("key")`, `d.setdefault("key")` and `"key" in d`."""
    keys = set()
    for node in ast.walk(tree):
        if isinstance(node, ast.Subscript) and is_name(node.value, dicts):
            keys.add(text(node.slice))
        elif isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute) and node.args:
            if node.func.attr in {"get", "pop", "setdefault"} and is_name(node.func.value, dicts):
                keys.add(text(node.args[0]))
        elif isinstance(node, ast.Compare) and is_name(node.comparators[0], dicts):
            keys.add(text(node.left))
    return keys - {None}


def read_of_config(tree: ast.AST, configs=is_config) -> set[str]:
    functions = called(tree)
    keys = set()
    for node in ast.walk(tree):
        if isinstance(node, ast.Attribute) and configs(node.value) and id(node) not in functions:
            keys.add(node.attr)
        elif isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id in {"getattr", "hasattr"}:
            if configs(node.args[0]):
                keys.add(text(node.args[1]))
    return keys - {None}


def declared(tree: ast.AST) -> set[str]:
    """What configuration classes declare, rename, set or take."""
    keys = looked_up(tree, {"kwargs"})
    for cls in (node for node in ast.walk(tree) if isinstance(node, ast.ClassDef)):
        methods = {node.name for node in cls.body if isinstance(node, ast.FunctionDef)}
        for node in cls.body:
            if isinstance(node, ast.AnnAssign) and "ClassVar" not in ast.unparse(node.annotation):
                keys.add(node.target.id)
            elif isinstance(node, ast.Assign) and node.targets[0].id == "attribute_map":
                renamed = ast.literal_eval(node.value)
                keys |= set(renamed) | set(renamed.values())
        keys |= read_of_config(cls, lambda node: isinstance(node, ast.Name) and node.id == "self") - methods
    return keys


def parsed(path: Path) -> ast.Module:
    return ast.parse(path.read_text(encoding="utf-8"))


def imported(tree: ast.AST, module: str) -> set[str]:
    """What a file takes from one of the library's own modules."""
    imports = (node for node in ast.walk(tree) if isinstance(node, ast.ImportFrom) and node.level and node.module == module)
    return {name.name for node in imports for name in node.names}


def layer_keys(package: Path) -> dict[str, set[str]]:
    """Keys that each class of the layers that models share reads."""
    classes = (node for node in parsed(package / f"{LAYERS}.py").body if isinstance(node, ast.ClassDef))
    return {node.name: read_of_config(node) for node in classes}


def rope_keys(package: Path) -> dict[str, set[str]]:
    """Keys that each rope type looks up in its own object; `rope_type` and `type` name the type."""
    functions = {node.name: node for node in parsed(package / ROPE).body if isinstance(node, ast.FunctionDef)}
    keys = {"default": {"rope_theta", "rope_type", "type"}}
    for name, part in ROPE_TYPES.items():
        found = [function for title, function in functions.items() if title.startswith("_compute") and part in title]
        if len(found) != 1:
            raise SystemExit(f"{ROPE}: {len(found)} functions for the rope type {name}")
        keys[name] = keys["default"] | looked_up(found[0], ROPE_DICTS)
    return keys


def family_keys(package: Path, family: str, shared: set[str], layers: dict[str, set[str]], rope: dict[str, set[str]]) -> dict:
    folder = FOLDERS.get(family, family)
    configuration = parsed(package / "models" / folder / f"configuration_{folder}.py")
    modeling = parsed(package / "models" / folder / f"modeling_{folder}.py")
    own = FURTHER.get(family, set()) | declared(configuration) | read_of_config(configuration) | read_of_config(modeling)
    own |= {key for name in imported(modeling, LAYERS) for key in layers[name]}
    inside = looked_up(configuration, ROPE_DICTS) | looked_up(modeling, ROPE_DICTS)
    turned = "rope_parameters" in own
    if turned:
        own |= {"original_max_position_embeddings", "rope_parameters", "rope_scaling", "rope_theta"} | (inside & {"partial_rotary_factor"})
    facts = {"keys": sorted(key for key in own | shared if not key.startswith("__"))}
    if turned:
        facts["rope"] = {name: sorted(keys | (inside if name == "default" else set())) for name, keys in sorted(rope.items())}
    return facts


def all_files() -> dict[str, str]:
    package = Path(importlib.util.find_spec("transformers").origin).parent
    shared = set()
    for helper in HELPERS:
        tree = parsed(package / helper)
        shared |= read_of_config(tree) | (declared(tree) if helper.startswith("configuration") else set())
    layers = layer_keys(package)
    rope = rope_keys(package)
    version = importlib.metadata.version("transformers")
    files = {}
    for family in FAMILIES:
        facts = {"family": family, "transformers": version} | family_keys(package, family, shared, layers, rope)
        files[f"{family}.json"] = json.dumps(facts, indent=1) + "\n"
    return files


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--out", type=Path, required=True)
    parser.add_argument("--check", action="store_true")
    options = parser.parse_args()
    files = all_files()
    if options.check:
        found = {path.name: path.read_text() for path in options.out.glob("*.json")}
        different = sorted(name for name in files.keys() | found.keys() if files.get(name) != found.get(name))
        sys.exit(f"differ from transformers: {', '.join(different)}" if different else 0)
    options.out.mkdir(parents=True, exist_ok=True)
    for name, content in files.items():
        (options.out / name).write_text(content)


if __name__ == "__main__":
    main()
