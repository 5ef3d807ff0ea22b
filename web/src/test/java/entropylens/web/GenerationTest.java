package entropylens.web;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import entropylens.family.LoadOptions;
import entropylens.kernels.Device;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.util.Set;
import java.util.concurrent.CancellationException;
import org.junit.jupiter.api.Test;

class GenerationTest {
    private static final Set<String> NAMES = GenerateHandler.NAMES;

    private static Generation of(ServedModel model, String body) {
        Fields fields = Fields.parse(body.getBytes(StandardCharsets.UTF_8), NAMES);
        return new Generation(
                model,
                PromptFields.read(fields, model),
                new int[0],
                0,
                ProfileFields.read(fields, model));
    }

    /// A reader that goes away.
    private static final class Leaving extends OutputStream {
        private final ByteArrayOutputStream read = new ByteArrayOutputStream();
        private final int after;
        private int tokens;

        Leaving(int after) {
            this.after = after;
        }

        @Override
        public void write(int b) {
            throw new UnsupportedOperationException();
        }

        @Override
        public void write(byte[] bytes, int offset, int length) throws IOException {
            String text = new String(bytes, offset, length, StandardCharsets.UTF_8);
            tokens += text.startsWith("event: token") ? 1 : 0;
            if (tokens > after) {
                throw new IOException("gone");
            }
            read.write(bytes, offset, length);
        }
    }

    @Test
    void nothingIsComputedForAReaderWhoIsGone() {
        try (ServedModel model =
                ServedModel.open("m", Served.LLAMA, LoadOptions.NONE, 1, Device.CPU)) {
            Generation generation =
                    of(model, "{\"prompt\": \"the\", \"tokens\": 200, \"ignore_eos\": true}");
            Leaving out = new Leaving(3);
            assertThatThrownBy(() -> generation.run(new EventStream(out)))
                    .isInstanceOf(CancellationException.class);
            assertThat(out.tokens).as("written and failed").isEqualTo(4);
            assertThat(out.read.toString(StandardCharsets.UTF_8)).doesNotContain("event: end");
            assertThat(model.held().bytes()).as("the text can go on").isPositive();
        }
    }
}
