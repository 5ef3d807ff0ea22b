package entropylens.cli;

import entropylens.family.LoadedModel;
import entropylens.result.ChatPrompt;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/// Where the prompt comes from: exactly one of these.
final class PromptOptions {
    static final String OTHER_VOCABULARY =
            "the tokenizer makes token %d of the prompt, but the model's vocabulary is 0..%d; are both of the same model?";

    @Parameters(
            arity = "0..1",
            paramLabel = "PROMPT",
            description = "The text to start from, in quotes; - reads it from standard input.")
    @Nullable String prompt;

    @Option(
            names = "--prompt-file",
            paramLabel = "FILE",
            description =
                    "Read the text from a file (UTF-8); here and from standard input, one line break at the end is dropped.")
    @Nullable Path promptFile;

    @Option(
            names = "--token-ids",
            paramLabel = "ID",
            split = ",",
            description = "Start from these token ids instead of text; needs no tokenizer.")
    int @Nullable [] tokenIds;

    /// How many of them are given.
    int given() {
        return (prompt == null ? 0 : 1) + (promptFile == null ? 0 : 1) + (tokenIds == null ? 0 : 1);
    }

    /// The ids to feed.
    ///
    /// @param text the model's tokenizer, asked for only where there is text
    int[] ids(LoadedModel model, ModelText text) {
        if (tokenIds != null) {
            return requireInVocabulary(
                    tokenIds.clone(),
                    model,
                    "--token-ids: %d is not in the model's vocabulary, 0..%d");
        }
        String given = text();
        if (given.isEmpty()) {
            throw new CliException("the prompt is empty; give it some text" + beginHint(model));
        }
        return requireInVocabulary(text.encode(given), model, OTHER_VOCABULARY);
    }

    /// The ids of what a chat template made, which has its special tokens.
    static int[] ids(ChatPrompt chat, LoadedModel model, ModelText text) {
        return requireInVocabulary(
                text.encodeWithoutSpecialTokens(chat.text()), model, OTHER_VOCABULARY);
    }

    private static String beginHint(LoadedModel model) {
        return model.beginIds().isEmpty()
                ? ", or ids with --token-ids"
                : ", or start from the begin token alone with --token-ids "
                        + model.beginIds().first();
    }

    static int[] requireInVocabulary(int[] ids, LoadedModel model, String otherwise) {
        int dVocab = model.model().config().dVocab();
        for (int id : ids) {
            if (id < 0 || id >= dVocab) {
                throw new CliException(otherwise.formatted(id, dVocab - 1));
            }
        }
        return ids;
    }

    /// The text that is given, as it is.
    String text() {
        try {
            if (promptFile != null) {
                return utf8(Files.readAllBytes(promptFile), promptFile.toString());
            }
            if ("-".equals(prompt)) {
                InputStream in = System.in;
                return utf8(in.readAllBytes(), "standard input");
            }
        } catch (IOException e) {
            throw new CliException(
                    "cannot read the prompt from %s: %s"
                            .formatted(
                                    promptFile == null ? "standard input" : promptFile,
                                    Failures.reason(e)),
                    e);
        }
        return prompt == null ? "" : arrived(prompt, System.getProperty("sun.jnu.encoding"));
    }

    /// In a locale without UTF-8 the JVM replaces what it cannot read in its arguments.
    static String arrived(String argument, @Nullable String encoding) {
        if (argument.contains("\uFFFD") && !"UTF-8".equals(encoding)) {
            throw new CliException(
                    "the prompt did not arrive whole, for the locale's encoding is %s; set LC_ALL=C.UTF-8, or use --prompt-file"
                            .formatted(encoding));
        }
        return argument;
    }

    /// Text files and `echo` end with a line break that is not meant as part of the prompt: one is
    /// dropped.
    private static String utf8(byte[] bytes, String source) {
        try {
            String text =
                    StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(bytes)).toString();
            return text.endsWith("\r\n")
                    ? text.substring(0, text.length() - 2)
                    : text.endsWith("\n") ? text.substring(0, text.length() - 1) : text;
        } catch (CharacterCodingException e) {
            throw new CliException(
                    "%s is not UTF-8 text; convert it, for example with: iconv -f LATIN1 -t UTF-8"
                            .formatted(source),
                    e);
        }
    }
}
