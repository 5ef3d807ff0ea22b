package entropylens.cuda.driver;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import entropylens.cuda.Emulation;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// What a device is asked for, and what it says when it cannot.
class GpuTest {
    @BeforeEach
    void emulate() {
        Emulation.require();
    }

    @Test
    void aGpuThatIsNotThereIsNamedBesideThoseThatAre() {
        assertThatThrownBy(() -> Gpu.open(7))
                .isInstanceOf(CudaException.class)
                .hasMessageStartingWith("there is no GPU cuda:7; this machine has cuda:0, ");
    }

    @Test
    void whatDoesNotFitIsSaidWithWhatIsFree() {
        try (Gpu gpu = Gpu.open(0)) {
            assertThatThrownBy(() -> gpu.allocate(1L << 50, "a matrix"))
                    .isInstanceOfSatisfying(
                            CudaException.class,
                            e -> assertThat(e.kind()).isEqualTo(CudaException.Kind.OUT_OF_MEMORY))
                    .hasMessageMatching(
                            "a matrix needs 1,048,576\\.00 GiB of GPU memory, and [0-9.]+ GiB are free; .*");
        }
    }

    @Test
    void closingGivesBackWhatIsStillOpen() {
        long before;
        try (Gpu gpu = Gpu.open(0)) {
            before = gpu.freeBytes();
        }
        try (Gpu gpu = Gpu.open(0)) {
            assertThat(gpu.allocate(1 << 20, "left open").bytes()).isEqualTo(1 << 20);
            assertThat(gpu.pool().take(1 << 20, "left open").bytes()).isEqualTo(1 << 20);
        }
        try (Gpu gpu = Gpu.open(0)) {
            assertThat(gpu.freeBytes()).isEqualTo(before);
        }
    }

    @Test
    void aClosedGpuRefusesWork() {
        Gpu gpu = Gpu.open(0);
        gpu.close();
        gpu.close();
        assertThatThrownBy(() -> gpu.allocate(1, "nothing")).hasMessage("the GPU is closed");
    }

    @Test
    void anyThreadMayUseIt() throws InterruptedException {
        try (Gpu gpu = Gpu.open(0);
                DeviceMemory memory = gpu.allocate(8, "two numbers")) {
            AtomicReference<float[]> found = new AtomicReference<>();
            memory.copyFrom(new float[] {1, 2});
            Thread other =
                    new Thread(() -> {
                        float[] numbers = new float[2];
                        memory.copyTo(numbers);
                        found.set(numbers);
                    });
            other.start();
            other.join();
            assertThat(found.get()).containsExactly(1, 2);
        }
    }

    @Test
    void argumentsThatAKernelDoesNotTakeAreRefused() {
        try (Gpu gpu = Gpu.open(0);
                DeviceMemory memory = gpu.allocate(64, "numbers")) {
            Kernel kernel =
                    gpu.compile("convert.cu", Conversions.source(Conversions.class, "convert.cu"))
                            .function("f32_to_f16");
            assertThatThrownBy(
                            () -> kernel.launch(gpu.stream(), Grid.of(1), 32, 0, memory, memory, 1))
                    .hasMessageContaining("argument 2 has 4 bytes, but the kernel declares 8");
        }
    }

    @Test
    void aPieceOfThePoolIsTakenAgain() {
        try (Gpu gpu = Gpu.open(0)) {
            long address;
            try (DeviceMemory first = gpu.pool().take(1000, "a piece")) {
                address = first.address();
            }
            try (DeviceMemory second = gpu.pool().take(1010, "another")) {
                assertThat(second.address()).isEqualTo(address);
                assertThat(second.bytes()).isEqualTo(1010);
            }
        }
    }

    @ParameterizedTest
    @CsvSource({"1, 512", "512, 512", "513, 640", "1024, 1024", "1025, 1280", "3000000, 3145728"})
    void thePoolWastesLittle(long bytes, long taken) {
        assertThat(MemoryPool.rounded(bytes)).isEqualTo(taken);
    }

    @Test
    void driversAndGpusThatAreTooOldAreNamed() {
        GpuDescription oldDriver = new GpuDescription(0, "Some GPU", 9, 0, 1L << 30, 11_080);
        assertThatThrownBy(oldDriver::requireUsable)
                .hasMessage(
                        "the NVIDIA driver speaks CUDA 11.8, and 12.0 or newer is needed; install driver 525 or newer");
        GpuDescription oldGpu = new GpuDescription(1, "Some GPU", 6, 1, 1L << 30, 13_000);
        assertThatThrownBy(oldGpu::requireUsable)
                .hasMessage(
                        "cuda:1 (Some GPU) has compute capability 6.1, and 7.0 or newer is needed (Volta, 2017)");
    }
}
