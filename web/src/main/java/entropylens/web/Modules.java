package entropylens.web;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/// The page's ES modules as one classic script: a file that is opened from a disk may import
/// nothing. Each module becomes a function that gives what it exports. Modules here import names in
/// braces from files beside them, and export declarations; whatever else one does is refused.
final class Modules {
    private static final Pattern IMPORT =
            Pattern.compile("(?m)^import \\{([^}]*)} from '\\./([a-z-]+\\.js)';$");
    private static final Pattern EXPORT =
            Pattern.compile("(?m)^export ((?:async )?(?:function|class|const) (\\w+))");
    private static final Pattern LEFT = Pattern.compile("(?m)^(import|export)\\b.*|\\bimport\\(");

    private final Map<String, String> done = new LinkedHashMap<>();
    private final List<String> begun = new ArrayList<>();

    private Modules() {}

    /// A module and all that it imports, each once and after those that it needs.
    ///
    /// @param entry a resource, as `saved/saved.js`; what it imports is in `page/`
    /// @throws IllegalStateException when a module does what is not foreseen here
    static String joined(String entry) throws IOException {
        Modules modules = new Modules();
        modules.add(entry);
        return "'use strict';\n(() => {\nconst modules = {};\n"
                + String.join("", modules.done.values())
                + "})();\n";
    }

    private void add(String resource) throws IOException {
        String name = resource.substring(resource.lastIndexOf('/') + 1);
        if (done.containsKey(name)) {
            return;
        }
        if (begun.contains(name)) {
            throw new IllegalStateException("modules import each other: " + begun);
        }
        begun.add(name);
        String source = text(resource);
        for (String needed :
                IMPORT.matcher(source).results().map(found -> found.group(2)).toList()) {
            add("page/" + needed);
        }
        done.put(name, wrapped(name, source));
        begun.remove(name);
    }

    private static String wrapped(String name, String source) {
        String names =
                EXPORT.matcher(source)
                        .results()
                        .map(found -> found.group(2))
                        .collect(Collectors.joining(", "));
        String imported =
                IMPORT.matcher(source)
                        .replaceAll(found ->
                                Matcher.quoteReplacement(given(found.group(1), found.group(2))));
        String body = EXPORT.matcher(imported).replaceAll("$1");
        Matcher left = LEFT.matcher(body);
        if (left.find()) {
            throw new IllegalStateException(
                    "%s: a single file cannot hold '%s'; import names in braces, export declarations"
                            .formatted(name, left.group()));
        }
        return "modules['%s'] = (() => {\n%sreturn { %s };\n})();\n".formatted(name, body, names);
    }

    private static String given(String names, String module) {
        return "const {%s} = modules['%s'];".formatted(names.replace(" as ", ": "), module);
    }

    /// A resource as a browser sees it, with line ends of one character.
    static String text(String resource) throws IOException {
        return new String(StaticPage.resource(resource), StandardCharsets.UTF_8)
                .replace("\r\n", "\n");
    }
}
