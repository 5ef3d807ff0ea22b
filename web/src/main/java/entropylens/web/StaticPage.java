package entropylens.web;

import io.javalin.config.JavalinConfig;
import io.javalin.http.Context;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.io.InputStream;
import java.util.List;

/// The page: a fixed list of files in this jar. What is not in the list is not there, whatever path
/// is asked for.
final class StaticPage {
    static final List<String> FILES =
            List.of(
                    "api.js",
                    "blocks.js",
                    "carry.js",
                    "cell.js",
                    "changes.js",
                    "colour.js",
                    "compare.css",
                    "compare.js",
                    "curve.js",
                    "difference.js",
                    "dom.js",
                    "heatmap.js",
                    "icon.svg",
                    "index.html",
                    "interventions.js",
                    "keep.css",
                    "legend.js",
                    "live.js",
                    "loss.js",
                    "main.js",
                    "measures.js",
                    "overlays.js",
                    "page.css",
                    "paint.js",
                    "play.css",
                    "play.js",
                    "patch.css",
                    "patch.js",
                    "patchrun.js",
                    "presets.js",
                    "profile.js",
                    "python.js",
                    "ranks.js",
                    "rows.js",
                    "runs.css",
                    "runs.js",
                    "save.js",
                    "segments.js",
                    "state.js",
                    "strip.js",
                    "svg.js",
                    "text.js",
                    "tip.js",
                    "views.css",
                    "views.js");

    private StaticPage() {}

    static void add(JavalinConfig config) {
        config.routes.get("/", context -> serve(context, "index.html"));
        FILES.forEach(file -> config.routes.get("/" + file, context -> serve(context, file)));
    }

    private static void serve(Context context, String file) throws IOException {
        context.contentType(type(file)).result(resource("page/" + file));
    }

    private static String type(String file) {
        return switch (file.substring(file.lastIndexOf('.') + 1)) {
            case "html" -> "text/html; charset=utf-8";
            case "css" -> "text/css; charset=utf-8";
            case "js" -> "text/javascript; charset=utf-8";
            case "svg" -> "image/svg+xml";
            default -> throw new IllegalArgumentException("no type is known for " + file);
        };
    }

    /// A file of this jar, beside this class.
    static byte[] resource(String name) throws IOException {
        try (InputStream in = StaticPage.class.getResourceAsStream(name)) {
            if (in == null) {
                throw new FileNotFoundException("this build lacks its own file " + name);
            }
            return in.readAllBytes();
        }
    }
}
