package entropylens.cuda;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowable;

import entropylens.cuda.driver.CudaException;
import entropylens.kernels.Precision;
import entropylens.lens.Positions;
import entropylens.lens.ProfileRequest;
import entropylens.lens.Profiler;
import entropylens.lens.ReadoutRequest;
import entropylens.lens.Statistic;
import entropylens.lens.TextProfile;
import entropylens.model.Model;
import entropylens.model.Progress;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.ValueLayout;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/// A run that the emulated device fails: it ends with what happened and what to do, and where only
/// memory was short the next run is as if nothing had been.
class FaultsOnDeviceTest {
    private static final int ILLEGAL_ADDRESS = 700;

    /// The first so many allocations of a run, each of which fails once.
    private static final int ALLOCATIONS = 12;

    /// More than a run allocates.
    private static final int MANY = 200;

    /// Seen: 2.2e-6 nats.
    private static final double ROUNDING = 5e-6;

    @AfterEach
    void nothingFailsAnyMore() {
        Emulation.call("emu_reset", FunctionDescriptor.ofVoid());
    }

    @Test
    void aRunThatIsShortOfMemoryEndsAndTheNextOneIsWhole() {
        try (Twins twins = Twins.ofGolden("llama-gqa-tied", Precision.FLOAT32)) {
            double[] expected = entropies(twins.cpu(), twins.inputIds());
            int failed = 0;
            for (long n = 1; n <= ALLOCATIONS; n++) {
                Emulation.call(
                        "emu_fail_alloc", FunctionDescriptor.ofVoid(ValueLayout.JAVA_LONG), n);
                Throwable thrown =
                        catchThrowable(() -> entropies(twins.device(), twins.inputIds()));
                Emulation.call(
                        "emu_fail_alloc", FunctionDescriptor.ofVoid(ValueLayout.JAVA_LONG), 0L);
                if (thrown != null) {
                    failed++;
                    assertThat(thrown).isInstanceOf(CudaException.class);
                    assertThat(((CudaException) thrown).kind())
                            .isEqualTo(CudaException.Kind.OUT_OF_MEMORY);
                }
            }
            assertThat(failed).as("runs that were short of memory").isPositive();
            requireEqual(expected, entropies(twins.device(), twins.inputIds()));
        }
    }

    /// Every run gets one allocation further than the one before, and leaves behind what has grown
    /// until then.
    @Test
    void whatCannotGrowForALongerTextEndsTheRunAndTheNextOneIsWhole() {
        try (Twins twins = Twins.ofGolden("llama-gqa-tied", Precision.FLOAT32)) {
            int[] ids = twins.inputIds();
            int[] first = Arrays.copyOf(ids, 2);
            double[] expected = entropies(twins.cpu(), ids);
            requireEqual(entropies(twins.cpu(), first), entropies(twins.device(), first));
            Set<String> grown = new TreeSet<>();
            int last = 0;
            for (int n = 1; n < MANY && last == 0; n++) {
                Emulation.call(
                        "emu_fail_allocs_from",
                        FunctionDescriptor.ofVoid(ValueLayout.JAVA_LONG),
                        (long) n);
                try {
                    requireEqual(expected, entropies(twins.device(), ids));
                    last = n;
                } catch (CudaException e) {
                    assertThat(e.kind()).isEqualTo(CudaException.Kind.OUT_OF_MEMORY);
                    grown.add(e.getMessage());
                }
            }
            assertThat(last).as("a run that had enough").isPositive();
            assertThat(grown).hasSizeGreaterThan(3);
            Emulation.call(
                    "emu_fail_allocs_from", FunctionDescriptor.ofVoid(ValueLayout.JAVA_LONG), 0L);
            requireEqual(expected, entropies(twins.device(), ids));
        }
    }

    private static void requireEqual(double[] expected, double[] found) {
        assertThat(found).hasSameSizeAs(expected);
        for (int i = 0; i < expected.length; i++) {
            assertThat(Math.abs(found[i] - expected[i])).isLessThan(ROUNDING);
        }
    }

    @Test
    void aDeviceThatIsLostEndsTheRunAndClosesWithoutACrash() {
        try (Twins twins = Twins.ofGolden("llama-gqa-tied", Precision.FLOAT32)) {
            assertThat(entropies(twins.device(), twins.inputIds())).isNotEmpty();
            Emulation.call(
                    "emu_fail_launch",
                    FunctionDescriptor.ofVoid(ValueLayout.JAVA_LONG, ValueLayout.JAVA_INT),
                    5L,
                    ILLEGAL_ADDRESS);
            assertThatThrownBy(() -> entropies(twins.device(), twins.inputIds()))
                    .isInstanceOf(CudaException.class)
                    .satisfies(e ->
                            assertThat(((CudaException) e).kind())
                                    .isEqualTo(CudaException.Kind.LOST));
            assertThatThrownBy(() -> entropies(twins.device(), twins.inputIds()))
                    .isInstanceOf(CudaException.class);
        }
    }

    private static double[] entropies(Model model, int[] ids) {
        ReadoutRequest readout = ReadoutRequest.ENTROPY.with(Statistic.jaccard(0.9)).withTopK(3);
        TextProfile profile =
                new Profiler(model)
                        .profile(
                                List.of(ids),
                                new ProfileRequest(Positions.PROMPT, readout),
                                1,
                                Progress.NONE)
                        .getFirst();
        return profile.readouts().entropy();
    }
}
