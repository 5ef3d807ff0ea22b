package entropylens.data;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.library.GeneralCodingRules;
import org.jspecify.annotations.NullMarked;
import org.junit.jupiter.api.Test;

class DataRoomTest {
    private static final JavaClasses DATA =
            new ClassFileImporter()
                    .withImportOption(ImportOption.Predefined.DO_NOT_INCLUDE_TESTS)
                    .importPackages("entropylens.data");

    @Test
    void dataKnowsTheCoreAlone() {
        noClasses()
                .should()
                .dependOnClassesThat()
                .resideInAnyPackage(
                        "entropylens.cli..",
                        "entropylens.study..",
                        "entropylens.web..",
                        "entropylens.spark..",
                        "picocli..")
                .because("results are kept by whoever finds them")
                .check(DATA);
    }

    @Test
    void dataPrintsNothing() {
        GeneralCodingRules.NO_CLASSES_SHOULD_ACCESS_STANDARD_STREAMS
                .because("results go to stdout and talk to stderr, and only the CLI knows which")
                .check(DATA);
    }

    @Test
    void onlyDatabaseOpensConnections() {
        noClasses()
                .that()
                .doNotHaveFullyQualifiedName(Database.class.getName())
                .should()
                .dependOnClassesThat()
                .haveFullyQualifiedName("java.sql.DriverManager")
                .because("it is where network and memory are limited")
                .check(DATA);
    }

    @Test
    void dataIsNullMarked() {
        assertThat(Store.class.getPackage().isAnnotationPresent(NullMarked.class)).isTrue();
    }
}
