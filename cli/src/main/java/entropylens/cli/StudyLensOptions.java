package entropylens.cli;

import java.util.ArrayList;
import java.util.List;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;
import picocli.CommandLine.Spec.Target;

/// Through what a study looks beside the logit lens.
final class StudyLensOptions {
    @Spec(Target.MIXEE)
    @SuppressWarnings("NullAway.Init") // picocli fills it
    CommandSpec spec;

    @Option(
            names = "--lens",
            paramLabel = "LENS",
            description =
                    "Also look through this lens: jacobian:FILE.pt, tuned:DIRECTORY or FILE.safetensors. Repeatable: a lens says for which model it is, and each model needs one of every kind. The same forward passes are read through each, and the verdicts stand side by side. One fitted on the untrained twin (lens fit --untrained 1) is the twin's.")
    List<String> lenses = new ArrayList<>();

    @Option(
            names = "--nulls",
            description =
                    "Also measure what is there without meaning, through every lens: each layer's stream, rotated at random within its own mean and covariance (drift); strategies: the same tokens in random order.")
    boolean nulls;

    ModelLenses of() {
        return ModelLenses.of(lenses, spec);
    }
}
