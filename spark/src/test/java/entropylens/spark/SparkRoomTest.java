package entropylens.spark;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import org.jspecify.annotations.NullMarked;
import org.junit.jupiter.api.Test;

class SparkRoomTest {
    private static final JavaClasses PROJECT =
            new ClassFileImporter()
                    .withImportOption(new ImportOption.DoNotIncludeTests())
                    .importPackages("entropylens");

    @Test
    void nobodyElseKnowsSpark() {
        noClasses()
                .that()
                .resideOutsideOfPackage("entropylens.spark..")
                .should()
                .dependOnClassesThat()
                .resideInAnyPackage(
                        "org.apache.spark..",
                        "org.apache.hadoop..",
                        "scala..",
                        "entropylens.spark..")
                .because("a batch runs on one machine without a cluster's 290 MB")
                .check(PROJECT);
    }

    /// What is measured is decided in one place.
    @Test
    void itCallsTheBatchAndNothingThatComputes() {
        noClasses()
                .that()
                .resideInAPackage("entropylens.spark..")
                .should()
                .dependOnClassesThat()
                .resideInAnyPackage(
                        "entropylens.kernels..",
                        "entropylens.quantised..",
                        "entropylens.pull..",
                        "entropylens.study..",
                        "entropylens.cli..",
                        "java.net.http..")
                .check(PROJECT);
    }

    @Test
    void modelsAreOpenedOncePerExecutor() {
        noClasses()
                .that()
                .resideInAPackage("entropylens.spark..")
                .and()
                .doNotHaveFullyQualifiedName(ExecutorModel.class.getName())
                .should()
                .dependOnClassesThat()
                .haveFullyQualifiedName("entropylens.EntropyLens")
                .check(PROJECT);
    }

    @Test
    void itIsNullMarked() {
        assertThat(EntropyLensSpark.class.getPackage().isAnnotationPresent(NullMarked.class))
                .isTrue();
    }
}
