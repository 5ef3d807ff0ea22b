package entropylens.family;

import static org.assertj.core.api.Assertions.assertThat;

import entropylens.GeneratedSection;
import entropylens.Goldens;
import entropylens.checkpoint.ConfigJson;
import entropylens.kernels.Backend;
import entropylens.kernels.CpuBackend;
import entropylens.kernels.Kernels;
import entropylens.kernels.WorkerPool;
import java.lang.foreign.Arena;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

/// docs/families.md, written by the code:
///
///     ./mvnw -pl core test -Dtest=FamiliesPageTest -Ddocs.write
///
/// What a family does is read off the models of its goldens; what it refuses, off the conditions
/// that it sets while it reads their configurations.
class FamiliesPageTest {
    private static final Path PAGE = Path.of("../docs/families.md");

    @Test
    void thePageSaysWhatTheCodeDoes() {
        StringBuilder overview = new StringBuilder("| family | architectures | known for |\n");
        overview.append("|---|---|---|\n");
        StringBuilder details = new StringBuilder();
        for (Family family : Families.all()) {
            String architectures = "`" + String.join("`, `", family.architectures()) + "`";
            overview.append(
                    "| [%s](#%s) | %s | %s |\n"
                            .formatted(
                                    family.name(),
                                    family.name(),
                                    architectures,
                                    family.knownFor()));
            details.append(details(family));
        }
        String written = overview + details.toString();
        if (GeneratedSection.WRITE) {
            GeneratedSection.write(PAGE, "families", written);
        }
        assertThat(GeneratedSection.read(PAGE, "families"))
                .as("docs/families.md; -Ddocs.write writes it anew")
                .isEqualTo(written);
    }

    private static String details(Family family) {
        List<Set<String>> features = new ArrayList<>();
        SortedMap<String, String> conditions = new TreeMap<>();
        for (String golden : goldens(family)) {
            features.add(features(golden));
            ConfigJson json = config(golden);
            family.read(json);
            conditions.putAll(json.conditions());
        }
        assertThat(features).as("goldens of " + family.name()).hasSizeGreaterThanOrEqualTo(2);
        Set<String> always = new LinkedHashSet<>(features.getFirst());
        features.forEach(always::retainAll);
        Set<String> sometimes = new LinkedHashSet<>();
        features.forEach(sometimes::addAll);
        sometimes.removeAll(always);
        StringBuilder lines = new StringBuilder("\n## " + family.name() + "\n\n");
        lines.append("- ").append(String.join(" · ", always)).append('\n');
        if (!sometimes.isEmpty()) {
            lines.append("- as configured: ").append(String.join(" · ", sometimes)).append('\n');
        }
        conditions.forEach((key, expected) ->
                lines.append("- refused unless `%s` is %s\n".formatted(key, expected)));
        return lines.toString();
    }

    private static List<String> goldens(Family family) {
        return Goldens.NAMES.stream()
                .filter(name ->
                        Families.of(config(name), Optional.empty()).name().equals(family.name()))
                .toList();
    }

    private static ConfigJson config(String golden) {
        return ConfigJson.read(Goldens.directory(golden).resolve("config.json"));
    }

    /// Numbers are the golden's own.
    private static Set<String> features(String golden) {
        Backend backend = new CpuBackend(Kernels.scalar(), new WorkerPool(1));
        LoadedModel loaded = LoadedModel.load(Goldens.directory(golden), Arena.ofAuto(), backend);
        Set<String> features = new LinkedHashSet<>();
        for (String feature : Features.of(loaded.model())) {
            features.add(feature.replaceAll("(?<!bfloat)\\b\\d[\\d.,e-]*(?!/√)", "*n*"));
        }
        return features;
    }
}
