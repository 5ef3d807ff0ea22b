package entropylens.cli;

import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAPackage;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideOutsideOfPackage;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;

import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import org.junit.jupiter.api.Test;

class ArchitectureTest {
    private final JavaClasses project =
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
    void theZooKnowsNothingOfTheCoreButCheckpoints() {
        classes()
                .that()
                .resideInAnyPackage("entropylens.zoo", "entropylens.zoo.town")
                .should()
                .onlyDependOnClassesThat(
                        resideInAPackage("entropylens.zoo..")
                                .or(resideInAPackage("entropylens.checkpoint"))
                                .or(resideInAPackage("entropylens.hub"))
                                .or(resideOutsideOfPackage("entropylens..")))
                .because(
                        "the zoo is files and what they say; others load and measure them; to compare them with transformers, zoo.parity does")
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
    void onlyThePromptReadsStandardInput() {
        noClasses()
                .that()
                .doNotHaveFullyQualifiedName("entropylens.cli.PromptOptions")
                .should()
                .accessField(System.class, "in")
                .check(project);
    }
}
