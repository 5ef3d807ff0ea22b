package entropylens.study;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.base.DescribedPredicate;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.library.GeneralCodingRules;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.jspecify.annotations.NullMarked;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.FieldSource;
import org.junit.jupiter.params.provider.ValueSource;

/// Who may know whom in the studies. A new room is written down here, or the build fails.
class RoomsTest {
    private static final String ROOT = "entropylens.study";

    /// What a study of profiles measures and reports with.
    private static final Set<String> COMMON = Set.of("workbench", "statistics", "report");

    private static final Set<String> STUDIES =
            Set.of("strategies", "families", "tellapart", "skip", "correctness", "lenses");

    /// Whom of the studies each room may know, beside itself; the entry is the room without a name.
    static final Map<String, Set<String>> MAY_KNOW =
            Map.ofEntries(
                    Map.entry("statistics", Set.of()),
                    Map.entry("report", Set.of()),
                    Map.entry("classify", Set.of("statistics")),
                    Map.entry("workbench", Set.of("statistics", "report")),
                    Map.entry("questions", Set.of("workbench")),
                    Map.entry("strategies", COMMON),
                    Map.entry("families", COMMON),
                    Map.entry("lenses", COMMON),
                    Map.entry("tellapart", and(COMMON, "classify")),
                    Map.entry("skip", and(COMMON, "questions")),
                    Map.entry("correctness", and(COMMON, "classify", "questions")));

    static final List<String> ROOMS = MAY_KNOW.keySet().stream().sorted().toList();

    private static final JavaClasses STUDY =
            new ClassFileImporter()
                    .withImportOption(ImportOption.Predefined.DO_NOT_INCLUDE_TESTS)
                    .importPackages(ROOT);

    private static Set<String> and(Set<String> some, String... more) {
        Set<String> all = new TreeSet<>(some);
        all.addAll(List.of(more));
        return all;
    }

    @Test
    void everyRoomIsListed() {
        Set<String> rooms =
                STUDY.stream()
                        .map(RoomsTest::room)
                        .filter(room -> !room.isEmpty())
                        .collect(Collectors.toCollection(TreeSet::new));
        assertThat(rooms).containsExactlyElementsOf(ROOMS);
    }

    @ParameterizedTest
    @FieldSource("ROOMS")
    void aRoomKnowsOnlyThoseListed(String room) {
        Set<String> allowed = and(MAY_KNOW.get(room), room);
        classes()
                .that()
                .resideInAPackage(ROOT + "." + room)
                .should()
                .onlyDependOnClassesThat(
                        DescribedPredicate.describe(
                                "are of " + allowed + " or not of the studies",
                                known -> !ofStudies(known) || allowed.contains(room(known))))
                .because("a room that knows more can be neither read nor tested by itself")
                .check(STUDY);
    }

    /// The entry knows the studies; nobody knows the entry.
    @Test
    void theEntryKnowsTheStudiesTheirWorkbenchTheirStatisticsAndTheirReport() {
        Set<String> allowed = and(STUDIES, "", "workbench", "statistics", "report");
        classes()
                .that()
                .resideInAPackage(ROOT)
                .should()
                .onlyDependOnClassesThat(
                        DescribedPredicate.describe(
                                "are of " + allowed + " or not of the studies",
                                known -> !ofStudies(known) || allowed.contains(room(known))))
                .check(STUDY);
    }

    private static boolean ofStudies(JavaClass known) {
        String name = known.getBaseComponentType().getPackageName();
        return name.equals(ROOT) || name.startsWith(ROOT + ".");
    }

    private static String room(JavaClass known) {
        String name = known.getBaseComponentType().getPackageName();
        return name.equals(ROOT) ? "" : name.substring(ROOT.length() + 1);
    }

    @ParameterizedTest
    @ValueSource(strings = {"statistics", "classify", "report"})
    void numbersAndReportsKnowNobodyElseEither(String room) {
        classes()
                .that()
                .resideInAPackage(ROOT + "." + room)
                .should()
                .onlyDependOnClassesThat()
                .resideInAnyPackage(ROOT + "..", "java..", "org.hipparchus..", "org.jspecify..")
                .because("what a number means is not the business of who averages or shows it")
                .check(STUDY);
    }

    @Test
    void studiesDoNotKnowWhoShowsThem() {
        noClasses()
                .should()
                .dependOnClassesThat()
                .resideInAnyPackage(
                        "entropylens.cli..",
                        "entropylens.web..",
                        "entropylens.spark..",
                        "entropylens.bench..",
                        "picocli..")
                .because("a study runs from the command line, a browser or a cluster alike")
                .check(STUDY);
    }

    @Test
    void studiesPrintNothing() {
        GeneralCodingRules.NO_CLASSES_SHOULD_ACCESS_STANDARD_STREAMS
                .because("results go to stdout and talk to stderr, and only the CLI knows which")
                .check(STUDY);
    }

    @Test
    void everyRoomIsNullMarked() {
        assertThat(STUDY.stream().map(JavaClass::getPackage).distinct())
                .allMatch(room -> room.isAnnotatedWith(NullMarked.class));
    }
}
