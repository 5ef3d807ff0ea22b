package entropylens.zoo;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import entropylens.checkpoint.CheckpointException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// The zoo is found where the launcher says, its models by name, and what is wrong with a card is
/// said.
class ZooTest {
    @TempDir Path root;

    @BeforeEach
    void nameTheZoo() {
        System.setProperty(Zoo.PROPERTY, root.toString());
    }

    @AfterEach
    void forgetTheZoo() {
        System.clearProperty(Zoo.PROPERTY);
    }

    @Test
    void modelsAreSortedByFamilyAndBlocks() throws IOException {
        TestZoo.model(root, "tinytown-llama-12", "llama", 12);
        TestZoo.model(root, "tinytown-llama-4", "llama", 4);
        TestZoo.model(root, "tinytown-gpt2-8", "gpt2", 8);
        Files.createDirectory(root.resolve("half-trained"));
        Files.writeString(root.resolve("README.md"), "");
        assertThat(Zoo.models())
                .extracting(ModelCard::name)
                .containsExactly("tinytown-gpt2-8", "tinytown-llama-4", "tinytown-llama-12");
    }

    @Test
    void aCardIsReadWhateverElseItHolds() {
        TestZoo.model(root, "tinytown-llama-8", "llama", 8);
        assertThat(Zoo.models())
                .containsExactly(
                        new ModelCard(
                                "tinytown-llama-8",
                                "llama",
                                8,
                                96,
                                812_345,
                                3_000_000_000L,
                                1.25,
                                2.5,
                                5.5,
                                new ModelCard.Accuracy(400, 380, 0.95, 0.92, 0.97),
                                new ModelCard.Accuracy(400, 300, 0.75, 0.7, 0.79)));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "'\"width\": 96, '|''|width is missing, but must be an integer of at least 1",
                "812345|812345.5|parameters is 812345.5, but must be an integer",
                "1.25|\"low\"|heldout_loss is \"low\", but must be a number of at least 0",
                "1.25|-1.25|heldout_loss is -1.25, but must be a number of at least 0",
                "0.95|95|accuracy.knowledge.accuracy is 95, but must be a number from 0 to 1",
                "300|401|accuracy.context.correct is 401, but must be an integer from 0 to 400",
                "'\"context\"'|'\"contest\"'|accuracy.context is missing, but must be an object",
                "'\"llama\"'|null|family is null, but must be a string",
                "tinytown-llama-8|gpt2|name is gpt2, but must be the name of its directory",
            })
    void whatIsWrongWithACardIsNamed(String from, String to, String message) {
        String card = TestZoo.card("tinytown-llama-8", "llama", 8);
        assertThat(card).contains(from);
        Path model = TestZoo.model(root, "tinytown-llama-8", card.replace(from, to));
        assertThatThrownBy(Zoo::models)
                .isInstanceOf(CheckpointException.class)
                .hasMessageStartingWith(model.resolve("card.json") + ": " + message)
                .hasMessageContaining("restore the file");
    }

    @Test
    void aModelWithoutACardIsAnError() throws IOException {
        Path model = TestZoo.model(root, "tinytown-llama-8", "llama", 8);
        Files.delete(model.resolve("card.json"));
        assertThatThrownBy(Zoo::models)
                .isInstanceOf(CheckpointException.class)
                .hasMessageContaining(model.resolve("card.json") + ": there is no such file");
    }

    @Test
    void aModelIsFoundByItsNameAlone() {
        Path model = TestZoo.model(root, "tinytown-llama-8", "llama", 8);
        assertThat(Zoo.find("tinytown-llama-8")).hasValue(model);
        assertThat(Zoo.defaultModel()).isEqualTo(model);
        for (String other : new String[] {"tinytown-llama-9", "", ".", "..", "x/../" + model}) {
            assertThat(Zoo.find(other)).as(other).isEmpty();
        }
    }

    @Test
    void aTypingErrorHasNearNames() {
        TestZoo.model(root, "tinytown-llama-8", "llama", 8);
        TestZoo.model(root, "tinytown-gpt2-12", "gpt2", 12);
        assertThat(Zoo.near("tinytown-lama-8")).first().isEqualTo("tinytown-llama-8");
        assertThat(Zoo.near("Qwen/Qwen3-0.6B")).isEmpty();
        assertThat(Zoo.whyNot("tinytown-lama-8")).isEmpty();
    }

    @Test
    void aZooThatIsNotThereSaysWhatToDo() {
        System.setProperty(Zoo.PROPERTY, root.resolve("none").toString());
        assertThatThrownBy(Zoo::models)
                .isInstanceOf(CheckpointException.class)
                .hasMessageContaining(root.resolve("none") + ": the directory")
                .hasMessageContaining("name a model of your own with --model");
        System.clearProperty(Zoo.PROPERTY);
        assertThatThrownBy(Zoo::defaultModel)
                .isInstanceOf(CheckpointException.class)
                .hasMessageContaining("property entropylens.zoo")
                .hasMessageContaining("start ./entropy-lens of a complete checkout");
        assertThat(Zoo.find("tinytown-llama-8")).isEmpty();
        assertThat(Zoo.near("tinytown-llama-8")).isEmpty();
        assertThat(Zoo.whyNot("tinytown-llama-8").orElseThrow()).contains("cannot be found");
        assertThat(Zoo.whyNot("gpt2")).isEmpty();
    }

    @Test
    void anEmptyZooIsAnError() {
        assertThatThrownBy(Zoo::models).hasMessageContaining(root + ": holds no models");
        assertThatThrownBy(Zoo::defaultModel)
                .hasMessageContaining("holds no model tinytown-llama-8");
    }
}
