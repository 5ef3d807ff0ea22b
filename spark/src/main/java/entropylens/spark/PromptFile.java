package entropylens.spark;

import entropylens.data.DataException;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.io.Serializable;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FileStatus;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.Path;

/// A file of prompts, wherever Hadoop's file systems reach.
///
/// @param uri where it is
/// @param shown what messages and results call it
record PromptFile(String uri, String shown) implements Serializable {
    /// A file is itself; a directory is the files in it, by name, hidden ones left out.
    ///
    /// @throws DataException when there is no such file, or nothing in the directory
    static List<PromptFile> list(List<String> given, Configuration hadoop) {
        List<PromptFile> files = new ArrayList<>();
        for (String name : given) {
            try {
                files.addAll(list(name, hadoop));
            } catch (FileNotFoundException e) {
                throw new DataException("%s: there is no such file".formatted(name), e);
            } catch (IOException | IllegalArgumentException e) {
                throw new DataException(
                        "%s: cannot be read (%s)".formatted(name, e.getMessage()), e);
            }
        }
        return files;
    }

    private static List<PromptFile> list(String name, Configuration hadoop) throws IOException {
        Path path = new Path(name);
        FileSystem system = path.getFileSystem(hadoop);
        FileStatus status = system.getFileStatus(path);
        if (status.isFile()) {
            return List.of(new PromptFile(status.getPath().toString(), name));
        }
        String folder = name.endsWith("/") ? name : name + "/";
        List<PromptFile> files =
                Arrays.stream(system.listStatus(path))
                        .filter(FileStatus::isFile)
                        .filter(file -> !file.getPath().getName().startsWith("."))
                        .map(file ->
                                new PromptFile(
                                        file.getPath().toString(),
                                        folder + file.getPath().getName()))
                        .sorted(Comparator.comparing(PromptFile::shown))
                        .toList();
        if (files.isEmpty()) {
            throw new DataException("%s: has no files in it".formatted(name));
        }
        return files;
    }
}
