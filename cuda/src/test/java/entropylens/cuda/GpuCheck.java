package entropylens.cuda;

import entropylens.cuda.driver.Compiler;
import entropylens.cuda.driver.Conversions;
import entropylens.cuda.driver.DeviceMemory;
import entropylens.cuda.driver.Gpu;
import entropylens.cuda.driver.Grid;
import entropylens.cuda.driver.Kernel;
import entropylens.kernels.Kernels;
import java.nio.file.Path;
import java.util.List;

/// What `tools/gpu-check run` starts on a machine with a GPU, once for each part: `GpuCheck HOME
/// FINDINGS.jsonl PART`. It lives among the tests, so that no program carries it.
public final class GpuCheck {
    private static final List<String> SOURCES =
            List.of("fill", "rows", "attention", "prefill", "readout");

    /// `13.0`, as the driver would say it.
    private static final int VERSION = 13_000;

    private GpuCheck() {}

    /// @param args folder of goldens and zoo, file of findings, part and its arguments
    public static void main(String[] args) {
        Path home = Path.of(args[0]);
        CheckLog log = new CheckLog(Path.of(args[1]), System.out);
        String part = args[2];
        long start = System.nanoTime();
        try {
            switch (part) {
                case "kernels" -> kernels(log, args[3]);
                case "machine" -> machine(log);
                case "goldens" -> new GoldensCheck(home, log).run(args[3]);
                case "zoo" -> new ZooCheck(home, log).run();
                case "readout" -> new ReadoutTiming(log).run();
                case "shape" -> new ShapeTiming(log, args[3]).run();
                default -> throw new IllegalArgumentException("there is no part " + part);
            }
        } catch (RuntimeException | Error e) {
            log.failed(part, "all", e);
            e.printStackTrace();
            System.exit(1);
        }
        log.found(part, "seconds", seconds(start));
        System.exit(0);
    }

    static double seconds(long since) {
        return Math.round((System.nanoTime() - since) * 1e-6) * 1e-3;
    }

    /// Compiles all kernels for a GPU that is not there, into the cache.
    private static void kernels(CheckLog log, String architecture) {
        Compiler compiler = Compiler.withoutGpu(VERSION);
        compiler.cubin(
                "convert.cu", Conversions.source(Conversions.class, "convert.cu"), architecture);
        for (String source : SOURCES) {
            long began = System.nanoTime();
            compiler.cubin(source + ".cu", KernelSources.of(source), architecture);
            log.found("kernels", "compiled", source, "compile_seconds", seconds(began));
        }
    }

    /// What is there, and what small things cost.
    private static void machine(CheckLog log) {
        long start = System.nanoTime();
        try (Gpu gpu = Gpu.open(0)) {
            log.found(
                    "machine",
                    "gpu",
                    gpu.toString(),
                    "free_bytes",
                    gpu.freeBytes(),
                    "multiprocessors",
                    gpu.multiprocessors(),
                    "l2_bytes",
                    gpu.l2Bytes(),
                    "shared_bytes",
                    gpu.sharedBytesPerBlock(),
                    "open_seconds",
                    seconds(start),
                    "java",
                    System.getProperty("java.version"),
                    "cpu_kernels",
                    Kernels.best().name(),
                    "processors",
                    Runtime.getRuntime().availableProcessors());
            for (String source : SOURCES) {
                long began = System.nanoTime();
                gpu.compile(source + ".cu", KernelSources.of(source)).close();
                log.found("machine", "compiled", source, "compile_seconds", seconds(began));
            }
            launches(gpu, log);
            copies(gpu, log);
        }
    }

    /// What a launch costs the processor, and from one kernel to the next.
    private static void launches(Gpu gpu, CheckLog log) {
        int launches = 20_000;
        Kernel kernel = gpu.compile("rows.cu", KernelSources.of("rows")).function("scale");
        try (DeviceMemory x = gpu.allocate(1024 * Float.BYTES, "a few numbers")) {
            x.zero();
            for (int round = 0; round < 2; round++) {
                long start = System.nanoTime();
                for (int i = 0; i < launches; i++) {
                    kernel.launch(gpu.stream(), Grid.of(1), 256, 0, x, 1f, 1024L);
                }
                long queued = System.nanoTime();
                gpu.synchronize();
                log.found(
                        "machine",
                        "launch_microseconds",
                        (queued - start) * 1e-3 / launches,
                        "kernel_microseconds",
                        (System.nanoTime() - start) * 1e-3 / launches);
            }
        }
    }

    private static void copies(Gpu gpu, CheckLog log) {
        float[] host = new float[64 << 20];
        double gigabytes = host.length * 4e-9;
        try (DeviceMemory x = gpu.allocate((long) host.length * Float.BYTES, "a copy")) {
            for (int round = 0; round < 2; round++) {
                long start = System.nanoTime();
                x.copyFrom(host);
                double to = gigabytes / ((System.nanoTime() - start) * 1e-9);
                start = System.nanoTime();
                x.copyTo(host);
                log.found(
                        "machine",
                        "to_device_gb_per_second",
                        to,
                        "from_device_gb_per_second",
                        gigabytes / ((System.nanoTime() - start) * 1e-9));
            }
        }
    }
}
