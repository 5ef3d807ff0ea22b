package entropylens.cli;

import java.util.ArrayList;
import java.util.List;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;
import picocli.CommandLine.Spec.Target;

/// Through what each layer is looked at, of several models.
final class LensesOption {
    @Spec(Target.MIXEE)
    @SuppressWarnings("NullAway.Init") // picocli fills it
    CommandSpec spec;

    @Option(
            names = "--lens",
            paramLabel = "LENS",
            description =
                    "Through what each layer is looked at: logit (default), jacobian:FILE.pt (as jlens writes it), tuned:DIRECTORY (as tuned-lens does), or FILE.safetensors. With several models, once for each that has one: a lens says for which it is. The kind is in the column lens.")
    List<String> lenses = new ArrayList<>();

    ModelLenses of() {
        return ModelLenses.of(lenses, spec);
    }
}
