package entropylens.cli;

import entropylens.checkpoint.CheckpointException;
import entropylens.checkpoint.FileChangedException;
import entropylens.checkpoint.MappedFiles;
import entropylens.checkpoint.Remedy;
import entropylens.data.DataException;
import entropylens.hub.HubException;
import entropylens.kernels.DeviceException;
import entropylens.lens.NotEnoughMemoryException;
import entropylens.study.workbench.StudyException;
import java.io.IOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileSystemException;
import java.nio.file.NoSuchFileException;

/// What is said about a failure: one line, without the names of classes.
final class Failures {
    private Failures() {}

    static String message(Throwable e) {
        if (e instanceof OutOfMemoryError) {
            return "out of memory (%s); run fewer sequences at a time (--batch), fewer tokens, or give the JVM more: ENTROPY_LENS_JAVA_OPTS=-Xmx…"
                    .formatted(e.getMessage());
        }
        if (MappedFiles.isFault(e)) {
            return "a file that is mapped into memory could not be read any more: it changed while it was in use, or its disk failed; put the model's files back as they were, and leave them alone during a run";
        }
        boolean explained =
                e instanceof CheckpointException
                        || e instanceof FileChangedException
                        || e instanceof CliException
                        || e instanceof DataException
                        || e instanceof DeviceException
                        || e instanceof HubException
                        || e instanceof NotEnoughMemoryException
                        || e instanceof StudyException
                        // the core's way of refusing arguments, and a tokenizer library that does
                        // not run here
                        || e instanceof IllegalArgumentException
                        || e instanceof IllegalStateException;
        return explained && e.getMessage() != null
                ? e.getMessage() + whatToDo(e)
                : "unexpected " + e + "; --stacktrace shows where, please report it";
    }

    /// What may be done about it on this command line; empty where the message says it.
    private static String whatToDo(Throwable e) {
        if (e instanceof NotEnoughMemoryException) {
            return ": --batch, --tokens, ENTROPY_LENS_JAVA_OPTS=-Xmx…";
        }
        if (e instanceof DeviceException device) {
            return device.isOutOfMemory()
                    ? ": a smaller --batch, --precision bfloat16, --device cpu"
                    : "; without --device and --backend, all runs on the processor";
        }
        Remedy remedy =
                switch (e) {
                    case CheckpointException refusal -> refusal.remedy();
                    case HubException refusal -> refusal.remedy();
                    default -> Remedy.NONE;
                };
        return switch (remedy) {
            case Remedy.None _ -> "";
            case Remedy.IgnoreUnreadKeys _ ->
                    "; --ignore-config-key NAME ignores one, at your own risk";
            case Remedy.ReadAs(String family, boolean ignoringKeys) ->
                    "; if it is a fine-tuned %s, try --as %s%s"
                            .formatted(
                                    family,
                                    family,
                                    ignoringKeys
                                            ? " with --ignore-config-key, at your own risk"
                                            : "");
            case Remedy.OwnWeights _ -> ": leave out --untrained";
            case Remedy.Download(String id) -> "; to download it, run: entropy-lens pull " + id;
        };
    }

    /// Why a file could not be read or written.
    static String reason(IOException e) {
        if (e instanceof NoSuchFileException) {
            return "there is no such file";
        }
        if (e instanceof AccessDeniedException) {
            return "permission denied";
        }
        String reason =
                e instanceof FileSystemException system ? system.getReason() : e.getMessage();
        if (reason == null) {
            return e.toString();
        }
        return reason.contains("No space left") ? "the disk is full; make room" : reason;
    }

    /// The message on one line, and nothing in it that a terminal would act on: it may hold a file
    /// name, or a piece of a damaged file.
    static String oneLine(String message) {
        return Columns.printable(message.strip());
    }
}
