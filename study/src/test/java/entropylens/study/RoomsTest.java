package entropylens.study;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.lang.syntax.ArchRuleDefinition;
import com.tngtech.archunit.library.GeneralCodingRules;
import org.jspecify.annotations.NullMarked;
import org.junit.jupiter.api.Test;

/// Whom the studies may know.
class RoomsTest {
    private static final JavaClasses STUDY =
            new ClassFileImporter()
                    .withImportOption(ImportOption.Predefined.DO_NOT_INCLUDE_TESTS)
                    .importPackages("entropylens.study");

    @Test
    void statisticsKnowNumbersOnly() {
        ArchRuleDefinition.classes()
                .that()
                .resideInAPackage("entropylens.study.statistics")
                .should()
                .onlyDependOnClassesThat()
                .resideInAnyPackage(
                        "entropylens.study.statistics",
                        "java..",
                        "org.hipparchus..",
                        "org.jspecify..")
                .because("what a number means is not the business of who averages it")
                .check(STUDY);
    }

    @Test
    void classificationKnowsStatisticsOnly() {
        ArchRuleDefinition.classes()
                .that()
                .resideInAPackage("entropylens.study.classify")
                .should()
                .onlyDependOnClassesThat()
                .resideInAnyPackage(
                        "entropylens.study.classify",
                        "entropylens.study.statistics",
                        "java..",
                        "org.jspecify..")
                .because("what is told apart is the business of the study that asks")
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
    void statisticsAreNullMarked() {
        assertThat(
                        STUDY.getPackage("entropylens.study.statistics")
                                .isAnnotatedWith(NullMarked.class))
                .isTrue();
    }
}
