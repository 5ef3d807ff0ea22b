package entropylens;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.base.DescribedPredicate;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.library.GeneralCodingRules;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.NullMarked;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.FieldSource;

/// Who may know whom in the core. A new room is written down here, or the build fails.
class RoomsTest {
    private static final String ROOT = "entropylens.";

    /// Whom of the project each package may know, beside itself.
    static final Map<String, Set<String>> MAY_KNOW =
            Map.ofEntries(
                    Map.entry("kernels", Set.of()),
                    Map.entry("checkpoint", Set.of()),
                    Map.entry("gguf", Set.of("checkpoint", "kernels")),
                    Map.entry("hub", Set.of("checkpoint", "gguf")),
                    Map.entry("hook", Set.of()),
                    Map.entry("jinja", Set.of()),
                    Map.entry("chat", Set.of("checkpoint", "gguf", "jinja")),
                    Map.entry("tokenizer", Set.of("checkpoint", "gguf")),
                    Map.entry("model", Set.of("kernels", "hook")),
                    Map.entry("lens", Set.of("model", "kernels", "hook")),
                    Map.entry(
                            "translators",
                            Set.of("lens", "model", "hook", "kernels", "checkpoint")),
                    Map.entry("quantised", Set.of("kernels", "checkpoint")),
                    Map.entry("adapter", Set.of("kernels", "checkpoint")),
                    Map.entry(
                            "family",
                            Set.of(
                                    "model",
                                    "kernels",
                                    "checkpoint",
                                    "quantised",
                                    "adapter",
                                    "gguf")));

    static final List<String> ROOMS = MAY_KNOW.keySet().stream().sorted().toList();

    private static final JavaClasses CORE =
            new ClassFileImporter()
                    .withImportOption(ImportOption.Predefined.DO_NOT_INCLUDE_TESTS)
                    .importPackages("entropylens");

    @Test
    void everyRoomIsListed() {
        Set<String> rooms =
                CORE.stream()
                        .map(JavaClass::getPackageName)
                        .filter(name -> name.startsWith(ROOT))
                        .map(name -> name.substring(ROOT.length()))
                        .collect(Collectors.toCollection(TreeSet::new));
        assertThat(rooms).containsExactlyElementsOf(ROOMS);
    }

    @ParameterizedTest
    @FieldSource("ROOMS")
    void aRoomKnowsOnlyThoseListed(String room) {
        Set<String> allowed = MAY_KNOW.get(room);
        classes()
                .that()
                .resideInAPackage(ROOT + room)
                .should()
                .onlyDependOnClassesThat(
                        DescribedPredicate.describe(
                                "are of " + room + ", " + allowed + " or not of the project",
                                c -> allowed(c, room, allowed)))
                .because("a room that knows more can be neither read nor tested by itself")
                .check(CORE);
    }

    private static boolean allowed(JavaClass known, String room, Set<String> allowed) {
        String itsPackage = known.getBaseComponentType().getPackageName();
        if (!itsPackage.startsWith(ROOT)) {
            return true;
        }
        String name = itsPackage.substring(ROOT.length());
        return name.equals(room) || allowed.contains(name);
    }

    @Test
    void theCoreDoesNotKnowItsUsers() {
        noClasses()
                .should()
                .dependOnClassesThat()
                .resideInAnyPackage(
                        "entropylens.cli..",
                        "entropylens.pull..",
                        "entropylens.zoo..",
                        "entropylens.study..",
                        "entropylens.data..",
                        "entropylens.web..",
                        "entropylens.spark..",
                        "entropylens.langchain4j..",
                        "dev.langchain4j..",
                        "entropylens.cuda..",
                        "entropylens.onednn..",
                        "entropylens.bench..",
                        "picocli..",
                        "org.apache.spark..")
                .because("the core must run in a Spark executor and in a test with nothing else")
                .check(CORE);
    }

    @Test
    void theCoreNeedsNoNetwork() {
        noClasses()
                .should()
                .dependOnClassesThat()
                .resideInAnyPackage("java.net.http..", "javax.net..")
                .because("models are fetched by module hub; an executor only runs them")
                .check(CORE);
    }

    /// What may be done is data ([entropylens.checkpoint.Remedy]); the command line words it.
    @Test
    void theCoreDoesNotSpeakTheCommandLine() throws IOException {
        Pattern option =
                Pattern.compile(
                        "\"[^\"]*(--[a-z]|entropy-lens (pull|profile|study|models|query)|ENTROPY_LENS)");
        List<String> spoken = new ArrayList<>();
        try (Stream<Path> sources = Files.walk(Path.of("src/main/java"))) {
            for (Path file : sources.filter(path -> path.toString().endsWith(".java")).toList()) {
                Files.readAllLines(file).stream()
                        .filter(line -> option.matcher(line).find())
                        .forEach(line -> spoken.add(file + ": " + line.strip()));
            }
        }
        assertThat(spoken).isEmpty();
    }

    @Test
    void theCorePrintsNothing() {
        GeneralCodingRules.NO_CLASSES_SHOULD_ACCESS_STANDARD_STREAMS
                .because("results go to stdout and talk to stderr, and only the CLI knows which")
                .check(CORE);
    }

    @Test
    void onlyKernelsKnowTheVectorModule() {
        noClasses()
                .that()
                .resideOutsideOfPackage("entropylens.kernels")
                .should()
                .dependOnClassesThat()
                .resideInAPackage("jdk.incubator.vector..")
                .because("everything else must run where the JVM has no such module")
                .check(CORE);
    }

    @ParameterizedTest
    @FieldSource("ROOMS")
    void everyRoomIsNullMarked(String room) {
        assertThat(CORE.getPackage(ROOT + room).isAnnotatedWith(NullMarked.class)).isTrue();
    }
}
