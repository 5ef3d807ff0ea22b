package entropylens.study.tellapart;

import entropylens.study.workbench.StudyException;
import entropylens.study.workbench.StudyPrompt;
import entropylens.study.workbench.StudySettings;
import entropylens.study.workbench.Subject;
import entropylens.zoo.town.Dice;
import entropylens.zoo.town.Format;
import entropylens.zoo.town.Topics;
import entropylens.zoo.town.Town;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/// Requests for a chat, a poem and a scientific note on each of many topics.
final class FormatPrompts {
    /// Which topics are the first, where not all are asked for.
    private static final long ORDER = 7;

    /// Fewer tokens than the default number of windows say nothing of windows.
    private static final int MIN_TOKENS = 8;

    private FormatPrompts() {}

    /// A request as text.
    ///
    /// @param topic in words
    /// @param wording which of the format's requests
    record Request(Format format, String topic, int wording, String prompt) {}

    static String label(Format format) {
        return format == Format.NOTE ? "scientific note" : format.name().toLowerCase(Locale.ROOT);
    }

    /// Topics in a fixed random order, so that the first of them are of all kinds; at most as many
    /// as there are.
    static List<Topics.Topic> topics(StudySettings settings) {
        List<Topics.Topic> all = new Dice(ORDER).shuffled(Topics.all(Town.found()));
        return all.subList(0, Math.min(all.size(), settings.samples(all.size(), all.size(), 24)));
    }

    /// All requests, topic after topic. Wordings take turns from topic to topic; in the paper's
    /// preset there is one, unless they are the user's.
    static List<Request> requests(StudySettings settings, ClassWordings all) {
        List<Topics.Topic> topics = topics(settings);
        List<Request> requests = new ArrayList<>();
        for (int i = 0; i < topics.size(); i++) {
            for (Format format : Format.values()) {
                List<String> wordings = all.of(label(format));
                int wording = i % wordings.size();
                requests.add(
                        new Request(
                                format,
                                topics.get(i).words(),
                                wording,
                                wordings.get(wording)
                                                .replace(ClassWordings.TOPIC, topics.get(i).words())
                                        + "\n"));
            }
        }
        return requests;
    }

    static List<StudyPrompt> of(Subject subject, StudySettings settings, ClassWordings wordings) {
        List<StudyPrompt> prompts = new ArrayList<>();
        for (Request request : requests(settings, wordings)) {
            prompts.add(
                    StudyPrompt.asked(
                            subject,
                            StudyPrompt.id(prompts.size()),
                            request.topic(),
                            label(request.format()),
                            null,
                            String.valueOf(request.wording()),
                            request.prompt()));
        }
        return prompts;
    }

    /// Tokens to generate for every text of a subject: those wanted, or as many as the context
    /// leaves beside the longest request.
    ///
    /// @throws StudyException when that is next to nothing
    static int tokens(Subject subject, List<StudyPrompt> prompts, int wanted) {
        int longest = prompts.stream().mapToInt(prompt -> prompt.ids().length).max().orElse(0);
        int context = subject.model().config().nCtx();
        if (wanted > context - longest && context - longest < MIN_TOKENS) {
            throw new StudyException(
                    "%s: a request has %d tokens, which leaves room for %d in the model's context of %d, and at least %d are needed"
                            .formatted(
                                    subject.name(),
                                    longest,
                                    Math.max(0, context - longest),
                                    context,
                                    MIN_TOKENS));
        }
        return Math.min(wanted, context - longest);
    }
}
