package entropylens.cli;

import static com.tngtech.archunit.core.domain.JavaCall.Predicates.target;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAPackage;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideOutsideOfPackage;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.type;
import static com.tngtech.archunit.core.domain.properties.HasName.Predicates.name;
import static com.tngtech.archunit.core.domain.properties.HasOwner.Predicates.With.owner;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.library.GeneralCodingRules;
import entropylens.family.LoadedModel;
import org.junit.jupiter.api.Test;

class ArchitectureTest {
    /// Read once for all tests.
    private static final JavaClasses project =
            new ClassFileImporter()
                    .withImportOption(new ImportOption.DoNotIncludeTests())
                    .importPackages("entropylens");

    @Test
    void theCoreDoesNotKnowTheCommandLine() {
        noClasses()
                .that()
                .resideOutsideOfPackage("entropylens.cli..")
                .should()
                .dependOnClassesThat()
                .resideInAnyPackage("entropylens.cli..", "picocli..", "org.knowm..")
                .because("the core must run where nothing else is present")
                .check(project);
    }

    @Test
    void noClusterIsOnTheClasspath() {
        noClasses()
                .should()
                .dependOnClassesThat()
                .resideInAnyPackage("org.apache.spark..", "entropylens.spark..")
                .because("a batch on one machine needs no cluster's 290 MB")
                .check(project);
        assertThat(getClass().getResource("/org/apache/spark/SparkContext.class")).isNull();
    }

    @Test
    void onlyDownloadsKnowAnHttpClient() {
        noClasses()
                .that()
                .resideOutsideOfPackage("entropylens.pull..")
                .should()
                .dependOnClassesThat()
                .resideInAPackage("java.net.http..")
                .because("an executor on a cluster runs models that are there already")
                .check(project);
    }

    @Test
    void onlyTheCommandLineKnowsWhoDownloads() {
        noClasses()
                .that()
                .resideOutsideOfPackages("entropylens.pull..", "entropylens.cli..")
                .should()
                .dependOnClassesThat()
                .resideInAPackage("entropylens.pull..")
                .check(project);
    }

    @Test
    void onlyTheCommandLineKnowsTheExplorer() {
        noClasses()
                .that()
                .resideOutsideOfPackages("entropylens.web..", "entropylens.cli..")
                .should()
                .dependOnClassesThat()
                .resideInAPackage("entropylens.web..")
                .check(project);
        noClasses()
                .that()
                .resideOutsideOfPackage("entropylens.web..")
                .should()
                .dependOnClassesThat()
                .resideInAnyPackage("io.javalin..", "org.eclipse.jetty..", "jakarta..")
                .because("what measures must run where no server is")
                .check(project);
    }

    /// `--backend onednn` finds it by its service; without, none of its classes is loaded.
    @Test
    void nobodyKnowsOneDnn() {
        noClasses()
                .that()
                .resideOutsideOfPackage("entropylens.onednn..")
                .should()
                .dependOnClassesThat()
                .resideInAPackage("entropylens.onednn..")
                .check(project);
        classes()
                .that()
                .resideInAPackage("entropylens.onednn..")
                .should()
                .onlyDependOnClassesThat()
                .resideInAnyPackage(
                        "entropylens.onednn..", "entropylens.kernels", "java..", "org.jspecify..")
                .check(project);
    }

    /// `--device cuda` finds it by its service; without, none of its classes is loaded.
    @Test
    void nobodyKnowsTheGpu() {
        noClasses()
                .that()
                .resideOutsideOfPackage("entropylens.cuda..")
                .should()
                .dependOnClassesThat()
                .resideInAPackage("entropylens.cuda..")
                .check(project);
    }

    @Test
    void downloadsKnowTheCacheAndNothingElseOfTheCore() {
        classes()
                .that()
                .resideInAPackage("entropylens.pull..")
                .should()
                .onlyDependOnClassesThat(
                        resideInAPackage("entropylens.pull..")
                                .or(resideInAPackage("entropylens.hub"))
                                .or(resideInAPackage("entropylens.checkpoint"))
                                .or(resideOutsideOfPackage("entropylens..")))
                .because("a model can be fetched where none is run")
                .check(project);
    }

    @Test
    void theZooKnowsNothingOfTheCoreButCheckpoints() {
        classes()
                .that()
                .resideInAPackage("entropylens.zoo..")
                .should()
                .onlyDependOnClassesThat(
                        resideInAPackage("entropylens.zoo..")
                                .or(resideInAPackage("entropylens.checkpoint"))
                                .or(resideInAPackage("entropylens.hub"))
                                .or(resideOutsideOfPackage("entropylens..")))
                .because("the zoo is files and what they say; others load and measure them")
                .check(project);
    }

    /// A server and a batch job write the same JSON.
    @Test
    void resultsDoNotKnowWhoShowsThem() {
        classes()
                .that()
                .resideInAPackage("entropylens.result..")
                .should()
                .onlyDependOnClassesThat()
                .resideInAnyPackage(
                        "entropylens",
                        "entropylens.result..",
                        "entropylens.data",
                        "entropylens.adapter",
                        "entropylens.family",
                        "entropylens.hook",
                        "entropylens.hub",
                        "entropylens.kernels",
                        "entropylens.lens",
                        "entropylens.model",
                        "entropylens.tokenizer",
                        "java..",
                        "tools.jackson..",
                        "org.jspecify..")
                .because("they are shown in a terminal, in a browser and by a batch job")
                .check(project);
        noClasses()
                .that()
                .resideInAPackage("entropylens.data..")
                .should()
                .dependOnClassesThat()
                .resideInAPackage("entropylens.result..")
                .because("what is kept does not depend on how it is shown")
                .check(project);
        GeneralCodingRules.NO_CLASSES_SHOULD_ACCESS_STANDARD_STREAMS.check(
                project.that(resideInAPackage("entropylens.result..")));
    }

    /// Weights, threads and tokenizer have one owner.
    @Test
    void modelsAreOpenedThroughOneDoor() {
        noClasses()
                .that()
                .doNotHaveFullyQualifiedName("entropylens.EntropyLens")
                .and()
                .doNotHaveFullyQualifiedName("entropylens.family.LoadedModel")
                .should()
                .callMethodWhere(target(owner(type(LoadedModel.class))).and(target(name("load"))))
                .check(project);
        noClasses()
                .that()
                .resideInAnyPackage("entropylens.cli..", "entropylens.study..", "entropylens.zoo..")
                .should()
                .dependOnClassesThat()
                .haveNameMatching("entropylens\\.kernels\\.(CpuBackend|WorkerPool)(\\$.*)?")
                .because("EntropyLens.open owns the threads")
                .check(project);
    }

    @Test
    void onlyMainOwnsTheStreamsOfTheProcess() {
        noClasses()
                .that()
                .resideInAPackage("entropylens.cli..")
                .and()
                .doNotHaveFullyQualifiedName("entropylens.cli.Main")
                .should()
                .accessField(System.class, "out")
                .orShould()
                .accessField(System.class, "err")
                .orShould()
                .callMethod(System.class, "exit", int.class)
                .because("tests run commands in their own process, and read what they print")
                .check(project);
    }

    @Test
    void onlyPromptsAreReadFromStandardInput() {
        noClasses()
                .that()
                .doNotHaveFullyQualifiedName("entropylens.cli.PromptOptions")
                .and()
                .doNotHaveFullyQualifiedName("entropylens.cli.BatchInput")
                .should()
                .accessField(System.class, "in")
                .check(project);
    }
}
