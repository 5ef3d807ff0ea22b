package entropylens.bench;

import entropylens.bench.Stopwatch.Work;
import java.io.IOException;

/// Attention of one new token over a long context, every head with keys and values of its own.
/// Bound by reading them.
final class RooflineAttention {
    private RooflineAttention() {}

    static void measure(RooflineOptions options) throws IOException {
        for (int width : new int[] {64, 128}) {
            LongContext context = new LongContext();
            context.width = width;
            context.positions = 4096;
            context.agreeBeforeTiming();
            double gigabytes = context.gigabytes();
            Work work = new Work(gigabytes / 2, gigabytes); // of each float one multiply-add
            System.out.println(
                    new Stopwatch(context.pool(), options.seconds())
                            .time(context::attend)
                            .row(
                                    "attention, 4,096 keys of " + width,
                                    "F32",
                                    LongContext.HEADS,
                                    "tokens",
                                    1,
                                    work)
                            .line());
            context.close();
        }
    }
}
