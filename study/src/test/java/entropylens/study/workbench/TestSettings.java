package entropylens.study.workbench;

import java.nio.file.Path;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.OptionalInt;

/// Settings for tests.
public final class TestSettings {
    private TestSettings() {}

    public static StudySettings of(Preset preset) {
        return of(preset, OptionalInt.empty(), StudyInputs.NONE, 1);
    }

    public static StudySettings of(Preset preset, int samples) {
        return of(preset, OptionalInt.of(samples), StudyInputs.NONE, 1);
    }

    public static StudySettings withShots(int shots) {
        return of(Preset.QUICK, OptionalInt.empty(), inputs(Optional.empty(), shots), 1);
    }

    public static StudySettings withFile(Path file, int shots, long seed) {
        return of(Preset.QUICK, OptionalInt.empty(), inputs(Optional.of(file), shots), seed);
    }

    public static StudySettings strictly(Path file) {
        StudyInputs inputs = inputs(Optional.of(file), 0).strictly();
        return of(Preset.QUICK, OptionalInt.empty(), inputs, 1);
    }

    public static StudySettings withFourOptionsOnly(Path file) {
        return of(
                Preset.QUICK,
                OptionalInt.empty(),
                new StudyInputs(
                        Optional.empty(),
                        Optional.empty(),
                        Optional.of(file),
                        true,
                        OptionalInt.empty()),
                1);
    }

    private static StudyInputs inputs(Optional<Path> questions, int shots) {
        return new StudyInputs(
                Optional.empty(), Optional.empty(), questions, false, OptionalInt.of(shots));
    }

    private static StudySettings of(
            Preset preset, OptionalInt samples, StudyInputs inputs, long seed) {
        return new StudySettings(
                preset, samples, OptionalInt.empty(), OptionalDouble.empty(), seed, 16, inputs);
    }
}
