"""Findings of tools/gpu-check, as gpu-check.json, gpu-check.md and a short table: python3 report.py FINDINGS.jsonl OUT"""

import argparse
import json
from pathlib import Path


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("findings", type=Path)
    parser.add_argument("out", type=Path)
    args = parser.parse_args()
    findings_file, out = args.findings, args.out
    findings = [json.loads(line) for line in findings_file.read_text(encoding="utf-8").splitlines() if line.strip()]
    (out / "gpu-check.json").write_text(json.dumps(findings, indent=1), encoding="utf-8")
    lines = [line for part in (machine, failures, goldens, differing, zoo, studies, readout, shapes, ended) for line in part(findings)]
    page = "# gpu-check\n\n" + "\n".join(lines) + "\n"
    (out / "gpu-check.md").write_text(page, encoding="utf-8")
    print(page)


def of(findings: list[dict], part: str, key: str | None = None) -> list[dict]:
    return [f for f in findings if f["part"].startswith(part) and (key is None or key in f)]


def short(value) -> str:
    return f"{value:.3g}" if isinstance(value, float) else str(value)


def machine(findings: list[dict]) -> list[str]:
    lines = [f"{f['gpu']}; Java {f['java']}, CPU kernels {f['cpu_kernels']}" for f in of(findings, "machine", "gpu")]
    compiled = [f"{f['compiled']} {short(f['compile_seconds'])} s" for f in of(findings, "machine", "compiled")]
    lines += ["", "kernels compiled: " + ", ".join(compiled)] if compiled else []
    for f in of(findings, "machine", "launch_microseconds")[-1:]:
        lines.append(f"a launch {short(f['launch_microseconds'])} us, one after the other {short(f['kernel_microseconds'])} us")
    for f in of(findings, "machine", "to_device_gb_per_second")[-1:]:
        lines.append(f"copies {short(f['to_device_gb_per_second'])} GB/s there, {short(f['from_device_gb_per_second'])} GB/s back")
    return lines + [""]


def failures(findings: list[dict]) -> list[str]:
    failed = [f for f in findings if "failed" in f]
    lines = [f"## Failed: {len(failed)}", ""] if failed else []
    lines += [f"- {f['part']}, {f.get('what', '')}: {f['failed'][:400]} {f.get('at', '')}" for f in failed[:30]]
    return lines + [""]


def goldens(findings: list[dict]) -> list[str]:
    lines = []
    for f in of(findings, "goldens", "worst"):
        lines.append(f"- goldens, {f['precision']}, {f['way']}: {f['models']} models ({f['ways']}), {f['failures']} failed, {f['seconds']} s")
        lines += [f"  - {name}: {short(worst)} ({where})" for name, (worst, where) in f["worst"].items()]
    return lines + [""]


def differing(findings: list[dict]) -> list[str]:
    return [f"- differs: {f['differs']} in {f['in']}: " + ", ".join(f"{n} {short(w)}" for n, (w, _) in f["by"].items()) for f in of(findings, "goldens", "differs")[:12]]


def zoo(findings: list[dict]) -> list[str]:
    return [
        f"- {f['model']}, {f['kernels']}: {f['tokens_before_they_part']} of {f['of_tokens']} tokens the same,"
        f" mean entropy by layer differs by {short(f['mean_entropy_by_layer_differs_by'])} nats;"
        f" self-check token by token {short(f['self_check_decoding'])}, beside another {short(f['self_check_batching'])}"
        for f in of(findings, "zoo", "model")
    ] + [""]


def studies(findings: list[dict]) -> list[str]:
    lines = []
    for f in of(findings, "studies", "study"):
        if "undone" in f:
            lines.append(f"- {f['model']}, {f['study']}: no time left ({f['undone']})")
        elif "verdicts" in f:
            lines.append(f"- {f['model']}, {f['study']}: {f['other_verdicts']} of {f['verdicts']} verdicts others, effects differ by {short(f['effects_differ_by'])}")
        else:
            lines.append(
                f"- {f['model']}, {f['study']}: {f['texts_of_other_tokens']} of {f['texts']} texts of other tokens, {f['entropies']} entropies differ by {short(f['entropy_differs_by'])} nats;"
                f" {f['other_answers']} of {f['answers']} answers others, logits differ by {short(f['logits_differ_by'])}; GPU {f['gpu_seconds']} s, CPU {f['cpu_seconds']} s"
            )
    lines += [f"- {f['part']}, {f['model']}, {f['what']}: {f['claim']}: {f['outcome']} ({short(f['value'])}; {short(f['low'])} to {short(f['high'])}). {f['sentence']}" for f in of(findings, "stud", "claim")]
    for f in of(findings, "study-"):
        if "open_seconds" in f:
            lines.append(f"- {f['part']}, {f['kernels']}: {f['parameters']} weights, there after {f['open_seconds']} s")
        elif "prompt_tokens" in f:
            lines.append(
                f"- {f['part']}: {f['texts']} texts of {f['prompt_tokens']} + {f['generated_tokens']} tokens, {f['readouts']} entropies in {f['seconds']} s,"
                f" {short(f['texts_per_minute'])} texts/min, {f['used_bytes'] / 2**30:.1f} GiB; mean {short(f['mean_entropy'])} nats {f['undone']}"
            )
        elif "conclude_seconds" in f:
            lines.append(f"- {f['part']}: measured and concluded in {f['seconds']} s ({f['conclude_seconds']} s concluding)")
    return lines + [""]


def readout(findings: list[dict]) -> list[str]:
    lines = []
    for f in of(findings, "readout", "entropy_differs_by"):
        lines.append(f"- readout agrees to {short(f['entropy_differs_by'])} nats, {f['kernels']}")
    for f in of(findings, "readout", "entropy_milliseconds"):
        lines.append(
            f"- readout {f['rows']} x {f['d_model']} x {f['d_vocab']}, {f['kernels']}: entropy {short(f['entropy_milliseconds'])} ms,"
            f" many statistics {short(f['many_statistics_milliseconds'])} ms, bare product {short(f['product_milliseconds'])} ms"
            f" ({short(f['product_teraflops'])} TFLOP/s): share {short(f['product_share_of_entropy'])};"
            f" {f['beside_weights_and_rows_bytes'] / 2**20:.0f} MiB beside weights and rows"
        )
    for f in of(findings, "peer readout", "milliseconds"):
        lines.append(f"- PyTorch, {f['what']}: {short(f['milliseconds'])} ms, {f['beside_bytes'] / 2**20:.0f} MiB beside")
    return lines + [""]


def shapes(findings: list[dict]) -> list[str]:
    lines = []
    for f in of(findings, "shape", "what") + of(findings, "peer shape", "what"):
        who = f.get("kernels", "transformers" if f["part"].startswith("peer") else "")
        if "texts_per_minute" in f:
            memory = f.get("used_bytes", f.get("peak_bytes", 0)) / 2**30
            lines.append(f"- {f['part']}, {who}: {f['texts']} texts, {f['what']}: {short(f['texts_per_minute'])} texts/min, {short(f['readouts_per_second'])} read-outs/s, {memory:.1f} GiB")
        elif "tokens_per_second" in f:
            lines.append(f"- {f['part']}, {who}: {f['what']}: {short(f['tokens_per_second'])} tokens/s")
    return lines + [""]


def ended(findings: list[dict]) -> list[str]:
    return [f"- {f['name']}: {f['ended']} after {f['seconds']} s" for f in of(findings, "run")]


if __name__ == "__main__":
    main()
