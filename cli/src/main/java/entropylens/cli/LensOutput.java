package entropylens.cli;

import entropylens.lens.Lens;
import entropylens.translators.JacobianWriter;
import entropylens.translators.LensWriter;
import entropylens.translators.TunedWriter;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.SortedMap;

/// Where a lens is written, in a form that its name tells: `NAME.safetensors` is our own, `NAME.pt`
/// is `jlens`', a directory is `tuned-lens`'.
///
/// @param path that `-o` names
/// @param force overwrites what is there
record LensOutput(Path path, boolean force) {
    private static final String OPTION = "-o";

    /// @throws IllegalArgumentException when a lens of this kind has no such form
    void requireForm(FitKind kind) {
        boolean has =
                isOwn()
                        || switch (kind) {
                            case TUNED -> isDirectory();
                            case JACOBIAN -> isTorch();
                            case RIDGE, MEAN -> false;
                        };
        if (!has) {
            throw new IllegalArgumentException(
                    switch (kind) {
                        case TUNED ->
                                "-o writes safetensors, or a directory of tuned-lens; name something.safetensors, or a folder without an ending, not "
                                        + path;
                        case JACOBIAN ->
                                "-o writes safetensors, or a file of jlens; name something.safetensors or something.pt, not "
                                        + path;
                        case RIDGE, MEAN ->
                                "-o writes safetensors; name the file something.safetensors, not "
                                        + path;
                    });
        }
    }

    private boolean isTorch() {
        return name().endsWith(".pt");
    }

    private boolean isOwn() {
        return name().endsWith(".safetensors");
    }

    private boolean isDirectory() {
        return name().indexOf('.', 1) < 0;
    }

    private String name() {
        return String.valueOf(path.getFileName());
    }

    /// What `--lens` calls it.
    String word() {
        return isOwn() ? path.toString() : (isTorch() ? "jacobian:" : "tuned:") + path;
    }

    /// Where a long fit keeps how far it is.
    Path state() {
        return path.resolveSibling(name() + ".state");
    }

    /// @throws CliException when it is there already, or could not be written
    void requireWritable() {
        if (isDirectory() && Files.isDirectory(path)) {
            parts().forEach(OutputFile::requireWritable);
        } else {
            file(path).requireWritable();
        }
    }

    private OutputFile file(Path file) {
        return new OutputFile(OPTION, file, force);
    }

    private List<OutputFile> parts() {
        return List.of(
                file(path.resolve(TunedWriter.PARAMETERS)), file(path.resolve(TunedWriter.CONFIG)));
    }

    void write(Lens lens, SortedMap<String, String> facts) {
        if (isOwn()) {
            file(path).write(out -> LensWriter.write(lens, facts, out));
            return;
        }
        if (isTorch()) {
            file(path).write(out -> JacobianWriter.write(lens, facts, out));
            return;
        }
        try {
            Files.createDirectories(path);
        } catch (IOException e) {
            throw new CliException(
                    "%s: cannot make the folder %s: %s".formatted(OPTION, path, Failures.reason(e)),
                    e);
        }
        // the configuration last: without it, the directory is no lens
        parts().getFirst().write(out -> TunedWriter.writeParameters(lens, out));
        parts().getLast().write(out -> TunedWriter.writeConfig(lens, facts, out));
    }
}
