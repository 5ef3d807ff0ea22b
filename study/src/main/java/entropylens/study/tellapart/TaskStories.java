package entropylens.study.tellapart;

import entropylens.data.Stories;
import entropylens.data.Story;
import entropylens.study.workbench.StudySettings;
import entropylens.zoo.town.Corpus;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.IntStream;

/// The stories that are asked about: the first of the user's file, or stories of Tinytown that no
/// model of the zoo has seen.
///
/// @param stories in order
/// @param warnings what is to be said of them
record TaskStories(List<Story> stories, List<String> warnings) {
    /// The corpus that the zoo's models are trained on, whose held-out stories these are.
    private static final long CORPUS_SEED = 1;

    /// @throws entropylens.data.DataException when the user's file cannot be used
    static TaskStories of(StudySettings settings) {
        int count = settings.samples(100, 100, 12);
        Optional<Path> file = settings.inputs().stories();
        if (file.isPresent()) {
            Stories.Found found = Stories.read(file.get(), settings.inputs().storyColumn(), count);
            return new TaskStories(found.stories(), found.warnings());
        }
        Corpus corpus = new Corpus(CORPUS_SEED);
        return new TaskStories(
                IntStream.range(0, count)
                        .mapToObj(i -> new Story("town-" + i, corpus.heldOutStory(i).text()))
                        .toList(),
                List.of());
    }

    /// The group of each story: stories of one text are one group, whatever their ids.
    List<String> groups() {
        Map<String, String> idOfText = new HashMap<>();
        List<String> groups = new ArrayList<>();
        for (Story story : stories) {
            idOfText.putIfAbsent(story.text(), story.id());
            groups.add(idOfText.getOrDefault(story.text(), story.id()));
        }
        return groups;
    }
}
