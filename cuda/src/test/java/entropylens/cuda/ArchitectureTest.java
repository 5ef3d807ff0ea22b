package entropylens.cuda;

import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAPackage;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;

import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.library.GeneralCodingRules;
import org.junit.jupiter.api.Test;

/// Whom the GPU knows, and who knows it.
class ArchitectureTest {
    private static final JavaClasses PROJECT =
            new ClassFileImporter()
                    .withImportOption(new ImportOption.DoNotIncludeTests())
                    .importPackages("entropylens");

    @Test
    void whatCallsNvidiaKnowsNoModel() {
        classes()
                .that()
                .resideInAPackage("entropylens.cuda.driver")
                .should()
                .onlyDependOnClassesThat()
                .haveNameMatching(
                        "entropylens\\.cuda\\.driver\\..*|entropylens\\.kernels\\.(Precision|DeviceException)|java\\..*|org\\.jspecify\\..*|\\[+[A-Z].*")
                .check(PROJECT);
    }

    @Test
    void theBackendKnowsTheEngineAndNothingElse() {
        classes()
                .that()
                .resideInAPackage("entropylens.cuda")
                .should()
                .onlyDependOnClassesThat()
                .resideInAnyPackage(
                        "entropylens.cuda..",
                        "entropylens.kernels",
                        "entropylens.model",
                        "entropylens.lens",
                        "entropylens.hook",
                        "java..",
                        "org.jspecify..")
                .check(PROJECT);
    }

    @Test
    void nobodyKnowsTheBackend() {
        noClasses()
                .that()
                .resideOutsideOfPackage("entropylens.cuda..")
                .should()
                .dependOnClassesThat()
                .resideInAPackage("entropylens.cuda..")
                .because("it is found when a GPU is asked for, and nothing of it is loaded before")
                .check(PROJECT);
    }

    @Test
    void nativeCodeIsCalledInOneRoom() {
        noClasses()
                .that()
                .resideOutsideOfPackage("entropylens.cuda.driver")
                .should()
                .dependOnClassesThat()
                .haveNameMatching("java\\.lang\\.foreign\\.(Linker|SymbolLookup).*")
                .check(PROJECT);
    }

    @Test
    void theBackendPrintsNothing() {
        GeneralCodingRules.NO_CLASSES_SHOULD_ACCESS_STANDARD_STREAMS.check(
                PROJECT.that(resideInAPackage("entropylens.cuda..")));
    }
}
