package entropylens.study.workbench;

import entropylens.data.AnswerRow;
import entropylens.data.BlockRow;
import entropylens.data.LossRow;
import entropylens.data.MoveRow;
import entropylens.data.ProfileRows;
import entropylens.data.Store;
import entropylens.data.StoredText;
import entropylens.data.TextRow;
import entropylens.data.UnitRows;
import entropylens.hook.Intervention;
import entropylens.lens.Lens;
import entropylens.lens.LensOfText;
import entropylens.lens.Positions;
import entropylens.lens.ProfileRequest;
import entropylens.lens.Prompt;
import entropylens.lens.TextProfile;
import entropylens.model.Progress;
import entropylens.model.Sampling;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Supplier;
import java.util.stream.IntStream;

/// Where studies measure and look up what was measured. Work goes in units of a few texts; what a
/// unit finds depends on nothing but its name, so that a run that was stopped goes on as if it had
/// not been.
public final class Workbench {
    private final Store store;
    private final StudySettings settings;
    private final StudyProgress progress;

    /// Through what the profiles that it reads back were seen.
    private final String lens;

    /// @param store stays the caller's
    public Workbench(Store store, StudySettings settings, StudyProgress progress) {
        this(store, settings, progress, StudyLenses.LOGIT);
    }

    private Workbench(Store store, StudySettings settings, StudyProgress progress, String lens) {
        this.store = store;
        this.settings = settings;
        this.progress = progress;
        this.lens = lens;
    }

    /// The same, which reads profiles back as another lens saw them. Everything else that was
    /// measured is the same.
    ///
    /// @param label one of [StudyLenses#withLogit] or [StudyLenses#others]
    public Workbench through(String label) {
        return new Workbench(store, settings, progress, label);
    }

    /// Through what the profiles that it reads back were seen.
    public String lens() {
        return lens;
    }

    /// Looks whether the nulls of a run can be held of a model, before anything is written.
    ///
    /// @throws StudyException when they cannot
    public static void requireNulls(Subject subject, StudySettings settings) {
        if (settings.lenses().nulls()) {
            DriftOf.requireMemory(subject);
        }
    }

    /// Generates from every prompt and keeps the profiles, as every lens sees them.
    public void profile(
            String study, Subject subject, List<StudyPrompt> prompts, Protocol protocol) {
        int chunk = settings.batch();
        DriftOf drift = drift(study, subject, prompts, protocol);
        for (int from = 0; from < prompts.size(); from += chunk) {
            List<StudyPrompt> some = prompts.subList(from, Math.min(from + chunk, prompts.size()));
            String unit = unit(study, subject, from / chunk);
            once(unit, subject, () -> profiled(study, subject, some, protocol, seed(unit), drift));
            progress.update(study, subject.name(), from + some.size(), prompts.size());
        }
    }

    /// The name of a unit of a study on a model.
    public static String unit(String study, Subject subject, int number) {
        return "%s/%s/%05d".formatted(study, subject.name(), number);
    }

    /// Does a unit of work on a model, unless it is done. Nothing is kept of a unit during which
    /// the model's files were changed.
    ///
    /// @throws entropylens.checkpoint.FileChangedException when they were
    public void once(String unit, Subject subject, Supplier<UnitRows> work) {
        if (!store.done(unit)) {
            store.commit(unit, subject.loaded().files().reading(work));
        }
    }

    /// Says how far the study is; [#profile] does so by itself.
    public void progress(String study, Subject subject, long done, long total) {
        progress.update(study, subject.name(), done, total);
    }

    /// Says whose measurements the study's statistics are of now.
    public void concluding(String study, Subject.About about) {
        progress.concluding(study, about.name());
    }

    /// The seed of a unit: of the run's seed and the unit's name.
    public long seed(String unit) {
        try {
            MessageDigest digest = MessageDigest.getInstance("SHA-256");
            byte[] name = (settings.seed() + "/" + unit).getBytes(StandardCharsets.UTF_8);
            return ByteBuffer.wrap(digest.digest(name)).getLong();
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every JVM has SHA-256", e);
        }
    }

    private UnitRows profiled(
            String study,
            Subject subject,
            List<StudyPrompt> prompts,
            Protocol protocol,
            long seed,
            DriftOf drift) {
        Map<String, LensOfText> lenses = lenses(subject, seed, drift);
        List<List<TextProfile>> profiles =
                profiles(
                        subject,
                        prompts,
                        List.copyOf(lenses.values()),
                        request(subject, prompts, protocol, seed),
                        protocol);
        List<String> labels = List.copyOf(lenses.keySet());
        UnitRows rows = new UnitRows();
        for (int i = 0; i < prompts.size(); i++) {
            StudyPrompt prompt = prompts.get(i);
            rows.add(row(study, subject, prompt, profiles.getFirst().get(i), protocol, seed));
            for (int l = 0; l < labels.size(); l++) {
                rows.add(
                        new ProfileRows(
                                study,
                                subject.name(),
                                prompt.textId(),
                                protocol.embedding(),
                                labels.get(l),
                                profiles.get(l).get(i)));
            }
        }
        return rows;
    }

    /// By label, the logit lens first. Every text is rotated by itself, so that intervals over
    /// texts hold what rotations differ by; every lens sees the same rotations.
    private Map<String, LensOfText> lenses(Subject subject, long seed, DriftOf drift) {
        Map<String, Lens> plain = new LinkedHashMap<>();
        plain.put(StudyLenses.LOGIT, Lens.LOGIT);
        subject.lenses().forEach(one -> plain.put(one.label(), one.lens()));
        Map<String, LensOfText> all = new LinkedHashMap<>();
        plain.forEach((label, one) -> all.put(label, LensOfText.always(one)));
        if (settings.lenses().nulls()) {
            plain.forEach((label, one) ->
                    all.put(
                            StudyLenses.drift(label),
                            text -> drift.get().lens(one, 31 * seed + text)));
        }
        return all;
    }

    private DriftOf drift(
            String study, Subject subject, List<StudyPrompt> prompts, Protocol protocol) {
        String unit = "%s/%s/drift".formatted(study, subject.name());
        List<Prompt> numbered =
                IntStream.range(0, prompts.size())
                        .mapToObj(i -> prompt(prompts.get(i), i, protocol))
                        .toList();
        ProfileRequest request = request(subject, List.of(), protocol, seed(unit));
        return new DriftOf(subject, numbered, request, settings.batch());
    }

    private static Prompt prompt(StudyPrompt prompt, int draw, Protocol protocol) {
        return protocol.ofAnswers()
                ? new Prompt(prompt.ids(), prompt.answer(), 0)
                : Prompt.of(prompt.ids(), draw);
    }

    private List<List<TextProfile>> profiles(
            Subject subject,
            List<StudyPrompt> prompts,
            List<LensOfText> lenses,
            ProfileRequest request,
            Protocol protocol) {
        if (protocol.ofAnswers()) {
            return subject.profiler()
                    .measureThrough(
                            lenses,
                            prompts.stream().map(prompt -> prompt(prompt, 0, protocol)).toList(),
                            request,
                            settings.batch(),
                            Progress.NONE);
        }
        return subject.profiler()
                .profileThrough(
                        lenses,
                        prompts.stream().map(StudyPrompt::ids).toList(),
                        request,
                        settings.batch(),
                        Progress.NONE);
    }

    private ProfileRequest request(
            Subject subject, List<StudyPrompt> prompts, Protocol protocol, long seed) {
        for (StudyPrompt prompt : prompts) {
            requireFits(subject, prompt, protocol);
        }
        return new ProfileRequest(
                positions(subject, protocol, seed),
                Intervention.NONE,
                protocol.embedding(),
                protocol.readout());
    }

    private Positions positions(Subject subject, Protocol protocol, long seed) {
        if (protocol.ofAnswers()) {
            return Positions.ANSWER;
        }
        return protocol.tokens() == 0
                ? Positions.PROMPT
                : new Positions.Generated(
                        protocol.tokens(),
                        new Sampling(protocol.temperature(), 1, seed),
                        settings.has(Flaw.PAST_END)
                                ? Set.of()
                                : Set.copyOf(subject.loaded().stopIds()));
    }

    private static void requireFits(Subject subject, StudyPrompt prompt, Protocol protocol) {
        int context = subject.model().config().nCtx();
        if (prompt.ids().length + protocol.tokens() > context) {
            throw new StudyException(
                    "%s: the prompt of text %s has %d tokens, which with %d generated ones exceed the model's context of %d; use fewer --tokens, or shorter texts"
                            .formatted(
                                    subject.name(),
                                    prompt.textId(),
                                    prompt.ids().length,
                                    protocol.tokens(),
                                    context));
        }
    }

    private static TextRow row(
            String study,
            Subject subject,
            StudyPrompt prompt,
            TextProfile profile,
            Protocol protocol,
            long seed) {
        return new TextRow(
                study,
                subject.name(),
                prompt.textId(),
                prompt.groupId(),
                prompt.label(),
                prompt.variant(),
                prompt.wording(),
                prompt.text(),
                prompt.ids(),
                profile.generatedIds(),
                subject.tokenizer().decode(known(subject, profile.generatedIds())),
                protocol.temperature() == 0 ? null : Long.valueOf(seed),
                prompt.written());
    }

    /// An untrained model generates ids that its vocabulary may not have.
    private static int[] known(Subject subject, int[] ids) {
        return java.util.Arrays.stream(ids).filter(subject.tokenizer()::contains).toArray();
    }

    /// The texts of a study and model, in the order of their ids, as the lens saw them.
    public List<StoredText> texts(String study, String model, List<String> statistics) {
        List<StoredText> texts = new ArrayList<>();
        try (var results = store.results()) {
            results.texts(study, model, lens, statistics, texts::add);
        }
        return texts;
    }

    /// The first texts of a study and model, in the order of their ids, as they were generated.
    public List<TextRow> firstTexts(String study, String model, int most) {
        try (var results = store.results()) {
            return results.firstTexts(study, model, most);
        }
    }

    /// The answers of a study and model, by condition, part, k, draw and question.
    public List<AnswerRow> answers(String study, String model) {
        List<AnswerRow> answers = new ArrayList<>();
        try (var results = store.results()) {
            results.answers(study, model, answers::add);
        }
        return answers;
    }

    /// The moves of candidates of a study and model, by text, token and layer.
    public List<MoveRow> moves(String study, String model) {
        List<MoveRow> moves = new ArrayList<>();
        try (var results = store.results()) {
            results.moves(study, model, moves::add);
        }
        return moves;
    }

    /// What the blocks of a model do to the texts of a study, by text and block.
    public List<BlockRow> blocks(String study, String model) {
        List<BlockRow> blocks = new ArrayList<>();
        try (var results = store.results()) {
            results.blocks(study, model, blocks::add);
        }
        return blocks;
    }

    /// The losses of a study and model, by condition, part, k, draw and text.
    public List<LossRow> losses(String study, String model) {
        List<LossRow> losses = new ArrayList<>();
        try (var results = store.results()) {
            results.losses(study, model, losses::add);
        }
        return losses;
    }
}
