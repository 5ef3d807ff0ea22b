package entropylens.cli;

import entropylens.adapter.AdapterSource;
import entropylens.adapter.AppliedAdapter;
import entropylens.batch.ModelIdentity;
import entropylens.family.LoadedModel;
import entropylens.hub.HubSettings;
import entropylens.hub.Models;
import java.io.PrintWriter;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;
import picocli.CommandLine.Spec.Target;

/// Adapters that are applied to a model, and what results say of them.
final class AdapterOptions {
    @Spec(Target.MIXEE)
    @SuppressWarnings("NullAway.Init") // picocli fills it
    CommandSpec spec;

    @Option(
            names = "--adapter",
            paramLabel = "ADAPTER",
            description =
                    "Apply a LoRA or DoRA adapter of PEFT beside the model's weights: its directory, or its id in the Hugging Face cache. Recorded in the result. Repeatable: all are active.")
    List<String> names = new ArrayList<>();

    @Option(
            names = "--adapter-scale",
            paramLabel = "S",
            description =
                    "Multiplies what the low-rank matrices of an adapter add (default: 1); 0 leaves the adapter out. With several adapters, one scale each, in their order.")
    List<Double> scales = new ArrayList<>();

    /// @throws ParameterException when the numbers of adapters and scales do not go together
    List<AdapterSource> sources(HubSettings hub) {
        if (!scales.isEmpty() && scales.size() != names.size()) {
            throw wrong(
                    "--adapter-scale is given %d times, but --adapter %d times; give one scale for each adapter, in their order"
                            .formatted(scales.size(), names.size()));
        }
        List<AdapterSource> sources = new ArrayList<>();
        for (int i = 0; i < names.size(); i++) {
            double scale = scales.isEmpty() ? 1 : scales.get(i);
            if (!Double.isFinite(scale)) {
                throw wrong("--adapter-scale must be a number, but is " + scale);
            }
            sources.add(new AdapterSource(Models.findAdapter(names.get(i), hub), scale));
        }
        return sources;
    }

    /// @throws ParameterException when untrained weights are asked for as well
    void refuseUntrained(UntrainedOption untrained) {
        if (untrained.seed != null && !names.isEmpty()) {
            throw wrong(
                    "--adapter and --untrained do not go together: an adapter changes the weights that it was trained on");
        }
    }

    private ParameterException wrong(String message) {
        return new ParameterException(spec.commandLine(), message);
    }

    /// ` + NAME` of each adapter, with its scale where that is not 1; empty without adapters.
    static String shown(LoadedModel loaded) {
        return Columns.printable(ModelIdentity.adapters(loaded));
    }

    static String name(AppliedAdapter adapter) {
        return Models.nameOf(adapter.directory());
    }

    /// Says so where an adapter names another model than the one it is applied to.
    static void noteOtherBase(LoadedModel loaded, PrintWriter err) {
        String model = Models.nameOf(loaded.directory());
        for (AppliedAdapter adapter : loaded.adapters()) {
            adapter.baseModel()
                    .filter(base -> !lastName(base).equals(lastName(model)))
                    .ifPresent(base ->
                            err.println(
                                    Failures.oneLine(
                                            "entropy-lens: the adapter %s was trained on %s; it is applied to %s"
                                                    .formatted(name(adapter), base, model))));
        }
    }

    private static String lastName(String name) {
        String[] parts = name.split("[/\\\\]");
        return parts.length == 0 ? name : parts[parts.length - 1].toLowerCase(Locale.ROOT);
    }

    /// What an adapter touches, in words.
    static String words(AppliedAdapter adapter) {
        String modules =
                adapter.modules() == 0
                        ? "no module"
                        : "%s of rank %s on %s"
                                .formatted(
                                        adapter.kind(),
                                        adapter.ranks().stream()
                                                .map(String::valueOf)
                                                .collect(Collectors.joining(", ")),
                                        ProfileTable.count(adapter.modules(), "module"));
        return Columns.printable(
                "%s: %s%s, scale %s%s"
                        .formatted(
                                name(adapter),
                                modules,
                                adapter.replaced() == 0
                                        ? ""
                                        : "; "
                                                + ProfileTable.count(adapter.replaced(), "tensor")
                                                + " replaced",
                                adapter.scale(),
                                adapter.scale() == 0 ? " (left out)" : ""));
    }
}
