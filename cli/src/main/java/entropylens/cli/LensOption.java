package entropylens.cli;

import entropylens.EntropyLens;
import entropylens.lens.Lens;
import entropylens.lens.ProfileRequest;
import entropylens.lens.StreamPoint;
import java.util.List;
import java.util.Optional;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;
import picocli.CommandLine.Spec.Target;

/// Through what each layer is looked at.
final class LensOption {
    @Spec(Target.MIXEE)
    @SuppressWarnings("NullAway.Init") // picocli fills it
    CommandSpec spec;

    @Option(
            names = "--lens",
            paramLabel = "LENS",
            defaultValue = "logit",
            description =
                    "Through what each layer is looked at: logit (default), jacobian:FILE.pt (as jlens writes it), tuned:DIRECTORY (as tuned-lens does), or FILE.safetensors. Recorded in the result.")
    @SuppressWarnings("NullAway.Init") // it has a default
    String lens;

    /// @throws picocli.CommandLine.ParameterException when the words name no lens
    void requireSensible() {
        LensWords.source(lens, "--lens", spec);
    }

    /// The request, through the lens.
    ///
    /// @throws CliException when the lens says nothing of what is asked for
    ProfileRequest through(EntropyLens model, ProfileRequest request) {
        Lens opened = model.openLens(lens);
        requireReads(opened, model, request.points(), request.embedding());
        return request.through(opened);
    }

    /// @throws CliException when a lens says nothing of what is asked for
    static void requireReads(
            Lens lens, EntropyLens model, List<StreamPoint> points, boolean embedding) {
        try {
            lens.requireReads(model.model().config(), points, embedding);
        } catch (IllegalArgumentException e) {
            throw new CliException("--lens: " + e.getMessage(), e);
        }
    }

    /// In a heading: `the jacobian lens gpt2.pt`; empty of the logit lens.
    static Optional<String> shown(Lens lens) {
        return lens.isLogit()
                ? Optional.empty()
                : Optional.of(
                        "%s lens%s"
                                .formatted(
                                        Columns.name(lens.kind()),
                                        lens.origin()
                                                .map(from ->
                                                        " "
                                                                + Columns.name(
                                                                        String.valueOf(
                                                                                from.path()
                                                                                        .getFileName())))
                                                .orElse("")));
    }
}
