package entropylens.langchain4j;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import org.jspecify.annotations.NullMarked;
import org.junit.jupiter.api.Test;

class LangChain4jRoomTest {
    private static final JavaClasses PROJECT =
            new ClassFileImporter()
                    .withImportOption(new ImportOption.DoNotIncludeTests())
                    .importPackages("entropylens");

    @Test
    void itKnowsTheDoorOfTheCore() {
        classes()
                .that()
                .resideInAPackage("entropylens.langchain4j..")
                .should()
                .onlyDependOnClassesThat()
                .resideInAnyPackage(
                        "entropylens",
                        "entropylens.langchain4j..",
                        "entropylens.chat",
                        "entropylens.checkpoint",
                        "entropylens.family",
                        "entropylens.lens",
                        "entropylens.model",
                        "entropylens.tokenizer",
                        "dev.langchain4j..",
                        "java..",
                        "org.jspecify..")
                .check(PROJECT);
    }

    @Test
    void nobodyElseKnowsLangChain4j() {
        noClasses()
                .that()
                .resideOutsideOfPackage("entropylens.langchain4j..")
                .should()
                .dependOnClassesThat()
                .resideInAnyPackage("dev.langchain4j..", "entropylens.langchain4j..")
                .check(PROJECT);
    }

    @Test
    void itIsNullMarked() {
        assertThat(EntropyLensChatModel.class.getPackage().isAnnotationPresent(NullMarked.class))
                .isTrue();
    }
}
