package entropylens;

import entropylens.chat.Chat;
import entropylens.chat.ChatTemplate;
import entropylens.checkpoint.CheckpointException;
import entropylens.checkpoint.MappedFiles;
import entropylens.family.LoadOptions;
import entropylens.family.LoadedModel;
import entropylens.hub.HubSettings;
import entropylens.hub.Models;
import entropylens.hub.ShippedModels;
import entropylens.kernels.Backend;
import entropylens.kernels.Device;
import entropylens.kernels.WorkerPool;
import entropylens.lens.Lens;
import entropylens.lens.Positions;
import entropylens.lens.ProfileListener;
import entropylens.lens.ProfileRequest;
import entropylens.lens.Profiler;
import entropylens.lens.Prompt;
import entropylens.lens.SelfCheck;
import entropylens.lens.TextProfile;
import entropylens.model.HeldSessions;
import entropylens.model.Model;
import entropylens.model.Progress;
import entropylens.tokenizer.Tokenizer;
import entropylens.tokenizer.Tokenizers;
import entropylens.translators.LensSource;
import entropylens.translators.Lenses;
import entropylens.translators.OpenLens;
import java.lang.foreign.Arena;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/// An open model: what measures its profiles. It owns the mapped weights, the threads and the
/// tokenizer, until it is closed.
///
/// ```
/// try (var lens = EntropyLens.open("gpt2")) {
///     TextProfile p = lens.profile("Once upon a time", ask -> ask.tokens(32).topK(5));
///     double[] mean = p.meanByLayer();
/// }
/// ```
///
/// An instruct model is asked in its own chat template, so that it is given what it was trained on:
///
/// ```
/// var chat = Chat.of("Be brief.", "Name a river.").and("assistant", "The Rhine.").and("user", "Another.");
/// TextProfile p = lens.profile(chat, ask -> ask.tokens(32));
/// ```
///
/// Any number of threads may profile with one lens. Lenses that are opened with the same number of
/// threads share those threads, so that a server with several models has not several times as many.
public final class EntropyLens implements AutoCloseable {
    private final Arena arena;
    private final WorkerPool.Lease threads;
    private final LoadedModel loaded;
    private @Nullable Optional<Tokenizer> tokenizer;
    private @Nullable ChatTemplate template;

    /// Of the lenses that are open.
    private volatile MappedFiles lensFiles = MappedFiles.NONE;

    private EntropyLens(Arena arena, WorkerPool.Lease threads, LoadedModel loaded) {
        this.arena = arena;
        this.threads = threads;
        this.loaded = loaded;
    }

    /// Opens a model by the name that people give it: a directory in the Hugging Face layout, or a
    /// GGUF file; a model that ships, where the module `entropy-lens-zoo` is there; the id of a
    /// model that is in the Hugging Face cache, such as `gpt2`, `Qwen/Qwen3-0.6B@main` or, of
    /// several GGUF files, `org/name:Q4_K_M`; or what Ollama and LM Studio keep, `ollama:NAME:TAG`
    /// and `lmstudio:PUBLISHER/REPOSITORY`. Nothing is downloaded.
    ///
    /// @throws entropylens.hub.HubException when it is none of these
    /// @throws CheckpointException when the model cannot be used
    public static EntropyLens open(String model) {
        HubSettings settings =
                HubSettings.of(System.getenv(), Path.of(System.getProperty("user.home", ".")));
        Path directory =
                Models.path(model, settings)
                        .or(() -> ShippedModels.find(model))
                        .orElseGet(() -> Models.find(model, settings));
        return open(directory, LoadOptions.NONE, Runtime.getRuntime().availableProcessors());
    }

    /// Opens the model in a directory.
    ///
    /// @param options how it is read, where that is not as its configuration says
    /// @param threads that compute, the calling one included
    /// @throws CheckpointException when the model cannot be used
    public static EntropyLens open(Path directory, LoadOptions options, int threads) {
        return open(directory, options, threads, Device.CPU);
    }

    /// Opens the model in a directory, to run on a device.
    ///
    /// @param options how it is read, where that is not as its configuration says
    /// @param threads that compute on the processor, the calling one included
    /// @throws CheckpointException when the model cannot be used
    /// @throws entropylens.kernels.DeviceException when the device cannot
    @SuppressWarnings("MustBeClosed") // close() closes the arena
    public static EntropyLens open(
            Path directory, LoadOptions options, int threads, Device device) {
        WorkerPool.Lease lease = WorkerPool.lease(threads);
        Arena arena = Arena.ofShared();
        Backend backend = null;
        try {
            backend = device.open(lease.pool());
            LoadedModel loaded = LoadedModel.load(directory, arena, backend, options);
            return new EntropyLens(arena, lease, loaded);
        } catch (RuntimeException | Error e) {
            if (backend != null) {
                backend.close();
            }
            arena.close();
            lease.close();
            throw e;
        }
    }

    /// What was read: the model, its token ids of special meaning, its hashes.
    public LoadedModel loaded() {
        return loaded;
    }

    /// The model itself.
    public Model model() {
        return loaded.model();
    }

    /// The arithmetic that runs: `vector/16` with the number of float lanes, or `scalar` where the
    /// JVM was started without `--add-modules jdk.incubator.vector`, which is many times slower; or
    /// the device, as `cuda/sm_90 float32`.
    public String kernels() {
        return model().backend().name();
    }

    /// Threads that compute, the calling one included.
    public int threads() {
        return threads.pool().threads();
    }

    /// Runs the model on a short input in several ways that must agree; see [SelfCheck].
    ///
    /// @param ids of a line of text that the model should find likely; none for noise
    /// @throws entropylens.checkpoint.FileChangedException when a weight file was changed meanwhile
    public SelfCheck.Result selfCheck(int... ids) {
        return loaded.files()
                .reading(() ->
                        ids.length == 0
                                ? SelfCheck.ofNoise(model())
                                : SelfCheck.ofText(model(), ids));
    }

    /// The model's tokenizer; empty where it has none.
    ///
    /// @throws CheckpointException when it is there, but cannot be used
    public synchronized Optional<Tokenizer> tokenizer() {
        Optional<Tokenizer> found = tokenizer;
        if (found == null) {
            found = Tokenizers.find(loaded.directory());
            tokenizer = found;
        }
        return found;
    }

    /// Generates 32 tokens greedily from a text, and measures them.
    public TextProfile profile(String text) {
        return profile(text, ask -> ask);
    }

    /// Profiles a text as asked.
    ///
    /// @throws CheckpointException when the model has no tokenizer
    /// @throws IllegalArgumentException when the text does not fit the model's context
    public TextProfile profile(String text, UnaryOperator<Ask> ask) {
        return profile(encode(text), ask);
    }

    /// Profiles what the model says next in a conversation, as asked.
    ///
    /// @throws CheckpointException when the model has no tokenizer or no chat template, or its
    ///   template refuses the conversation
    /// @throws IllegalArgumentException when the text does not fit the model's context
    public TextProfile profile(Chat chat, UnaryOperator<Ask> ask) {
        return profile(encode(chat), ask);
    }

    /// Profiles tokens as asked.
    ///
    /// @throws IllegalArgumentException when an id is not in the vocabulary, or they do not fit the
    ///   model's context
    public TextProfile profile(int[] ids, UnaryOperator<Ask> ask) {
        return profile(List.of(ids), request(ask), 1, Progress.NONE).getFirst();
    }

    /// Profiles several texts, each as it would be alone.
    ///
    /// @param ids of each text
    /// @param batch texts that run at a time
    /// @param progress told how far it is
    /// @return a profile of each, in their order
    /// @throws entropylens.checkpoint.FileChangedException when a weight file was changed meanwhile
    public List<TextProfile> profile(
            List<int[]> ids, ProfileRequest request, int batch, Progress progress) {
        return files().reading(() -> new Profiler(model()).profile(ids, request, batch, progress));
    }

    /// Generates a text token by token, each measured as soon as it is there; see
    /// [Profiler#generate].
    ///
    /// @param given tokens after the prompt, each as if it had been generated
    /// @param known how many of these need not be read out again
    /// @param held sessions of this model
    /// @throws entropylens.checkpoint.FileChangedException when a weight file was changed meanwhile
    public TextProfile generate(
            int[] prompt,
            int[] given,
            int known,
            ProfileRequest request,
            HeldSessions held,
            ProfileListener listener) {
        return files().reading(() ->
                new Profiler(model()).generate(prompt, given, known, request, held, listener));
    }

    /// Writes a text after a prompt, and measures each of its tokens.
    ///
    /// @param prompt at least one token: see [#encode]
    /// @throws CheckpointException when the model has no tokenizer
    /// @throws IllegalArgumentException when an id is not in the vocabulary, or they do not fit the
    ///   model's context with the tokens asked for
    public Reply reply(int[] prompt, ReplyRequest request) {
        return reply(prompt, request, new HeldSessions(0, 0), ReplyListener.NONE);
    }

    /// The same, told of while it is written.
    ///
    /// @param held sessions of this model
    /// @throws java.util.concurrent.CancellationException when the listener does, which stops the
    ///   work
    public Reply reply(
            int[] prompt, ReplyRequest request, HeldSessions held, ReplyListener listener) {
        Set<Integer> endIds = loaded.stopIds();
        ReplyWriter writer = new ReplyWriter(requiredTokenizer(), request, endIds, listener);
        ProfileRequest measured = measured(request, endIds);
        try {
            generate(prompt, new int[0], 0, measured, held, (_, part) -> writer.add(part));
        } catch (ReplyWriter.Stopped stopped) {
            return writer.end();
        }
        return writer.end();
    }

    /// Writes several texts beside each other, which takes less time than one after the other; each
    /// draws the random numbers that its prompt says. One that ends makes room for none, and keeps
    /// nobody waiting.
    ///
    /// @param prompts without answers, each at least one token
    /// @param listener told of each while it is written
    /// @return in the order of the prompts
    /// @throws IllegalArgumentException when an id is not in the vocabulary, or a prompt does not
    ///   fit the model's context with the tokens asked for
    /// @throws java.util.concurrent.CancellationException when the listener does, which stops all
    public List<Reply> replies(
            List<Prompt> prompts, ReplyRequest request, RepliesListener listener) {
        Set<Integer> endIds = loaded.stopIds();
        RepliesWriter writer =
                new RepliesWriter(requiredTokenizer(), prompts.size(), request, endIds, listener);
        ProfileRequest measured = measured(request, endIds);
        files().reading(() ->
                new Profiler(model()).generate(prompts, measured, prompts.size(), writer));
        return writer.replies();
    }

    private static ProfileRequest measured(ReplyRequest request, Set<Integer> endIds) {
        return new ProfileRequest(
                new Positions.Generated(request.tokens(), request.sampling(), endIds),
                ReplyToken.readout(request.alternatives()));
    }

    /// Opens a lens for this model, to be asked for with [Ask#through]; it lives as long as the
    /// model is open.
    ///
    /// @param lens `logit`, `jacobian:FILE` (as the package `jlens` writes it), `tuned:DIRECTORY`
    ///   (as `tuned-lens` does) or `FILE.safetensors` (our own)
    /// @throws CheckpointException when it is missing or damaged, or was made for another model
    /// @throws IllegalArgumentException when the words name no lens
    public Lens openLens(String lens) {
        return open(Lenses.open(LensSource.parse(lens), model(), arena));
    }

    /// The same for the twin, with other weights, of the model that the lens was made for: a
    /// control. Its W_U is not compared.
    ///
    /// @throws CheckpointException when it is missing or damaged, or was made for a model of
    ///   another width or depth
    public Lens openLensForTwin(String lens) {
        return open(Lenses.openForTwin(LensSource.parse(lens), model(), arena));
    }

    private Lens open(OpenLens opened) {
        synchronized (this) {
            lensFiles = lensFiles.and(opened.files());
        }
        return opened.lens();
    }

    private MappedFiles files() {
        return loaded.files().and(lensFiles);
    }

    /// What to run and measure, in the terms of the engine. A text ends where the model's
    /// configuration says that it does.
    public ProfileRequest request(UnaryOperator<Ask> ask) {
        return ask.apply(Ask.DEFAULT).request(loaded.stopIds());
    }

    /// The ids of a text, with the special tokens that the tokenizer itself adds.
    ///
    /// @throws CheckpointException when the model has no tokenizer
    public int[] encode(String text) {
        return requiredTokenizer().encode(text);
    }

    /// The ids of a conversation, as [#chatTemplate()] writes it. The template writes the special
    /// tokens; none is added, so that no text begins twice.
    ///
    /// @throws CheckpointException when the model has no tokenizer or no chat template, or its
    ///   template refuses the conversation
    public int[] encode(Chat chat) {
        String text = chatTemplate().render(chat);
        return requiredTokenizer().encodeWithoutSpecialTokens(text);
    }

    private Tokenizer requiredTokenizer() {
        // that there is none is said by whoever knows what is there instead
        return tokenizer().orElseGet(() -> Tokenizers.open(loaded.directory()));
    }

    /// The model's chat template.
    ///
    /// @throws CheckpointException when it has none, as base models do, or one that cannot be used
    public synchronized ChatTemplate chatTemplate() {
        ChatTemplate found = template;
        if (found == null) {
            found = ChatTemplate.open(loaded.directory());
            template = found;
        }
        return found;
    }

    /// Lets go of weights and threads. To be called when nothing runs any more.
    @Override
    public void close() {
        model().backend().close();
        arena.close();
        threads.close();
    }
}
