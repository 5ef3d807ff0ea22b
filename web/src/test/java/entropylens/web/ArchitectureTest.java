package entropylens.web;

import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAPackage;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;

import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.library.GeneralCodingRules;
import org.junit.jupiter.api.Test;

/// Whom the explorer knows, and who knows it.
class ArchitectureTest {
    private static final JavaClasses PROJECT =
            new ClassFileImporter()
                    .withImportOption(new ImportOption.DoNotIncludeTests())
                    .importPackages("entropylens");

    @Test
    void theExplorerKnowsTheDoorOfTheCoreAndResults() {
        classes()
                .that()
                .resideInAPackage("entropylens.web..")
                .should()
                .onlyDependOnClassesThat()
                .resideInAnyPackage(
                        "entropylens",
                        "entropylens.web..",
                        "entropylens.result",
                        "entropylens.data",
                        "entropylens.chat",
                        "entropylens.checkpoint",
                        "entropylens.family",
                        "entropylens.hook",
                        "entropylens.kernels",
                        "entropylens.lens",
                        "entropylens.model",
                        "entropylens.tokenizer",
                        "java..",
                        "io.javalin..",
                        "kotlin..",
                        "jakarta.servlet..",
                        "org.eclipse.jetty..",
                        "tools.jackson..",
                        "org.jspecify..")
                .check(PROJECT);
    }

    @Test
    void nobodyKnowsTheExplorerOrItsServer() {
        noClasses()
                .that()
                .resideOutsideOfPackage("entropylens.web..")
                .should()
                .dependOnClassesThat()
                .resideInAnyPackage("entropylens.web..", "io.javalin..", "org.eclipse.jetty..")
                .because("what measures must run where no server is")
                .check(PROJECT);
    }

    /// What it serves comes from its jar, what it opens was named at the start.
    @Test
    void theExplorerReadsNoFile() {
        noClasses()
                .that()
                .resideInAPackage("entropylens.web..")
                .should()
                .dependOnClassesThat()
                .haveNameMatching(
                        "java\\.nio\\.file\\.(Files|FileSystem.*)|java\\.io\\.(File|FileInputStream|RandomAccessFile)")
                .check(PROJECT);
    }

    @Test
    void theExplorerPrintsNothing() {
        GeneralCodingRules.NO_CLASSES_SHOULD_ACCESS_STANDARD_STREAMS.check(
                PROJECT.that(resideInAPackage("entropylens.web..")));
    }
}
