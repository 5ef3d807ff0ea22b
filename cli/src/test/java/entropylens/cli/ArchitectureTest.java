package entropylens.cli;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;

import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import org.junit.jupiter.api.Test;

class ArchitectureTest {
    private final JavaClasses classes =
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
                .check(classes);
    }

    @Test
    void onlyMainOwnsTheStreamsOfTheProcess() {
        noClasses()
                .that()
                .doNotHaveFullyQualifiedName("entropylens.cli.Main")
                .should()
                .accessField(System.class, "out")
                .orShould()
                .accessField(System.class, "err")
                .orShould()
                .callMethod(System.class, "exit", int.class)
                .because("tests run commands in their own process, and read what they print")
                .check(classes);
    }

    @Test
    void onlyThePromptReadsStandardInput() {
        noClasses()
                .that()
                .doNotHaveFullyQualifiedName("entropylens.cli.PromptOptions")
                .should()
                .accessField(System.class, "in")
                .check(classes);
    }
}
