package entropylens.lens;

import entropylens.model.DecoderConfig;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.stream.Collectors;

/// Through what the stream is looked at: each layer's rows are translated, then read out with the
/// model's own final norm and W_U. Without translators it is the logit lens.
///
/// The last layer is not translated: there the model itself reads, and there every lens agrees with
/// it. Controls that are no lenses translate it too.
///
/// @param kind `logit`, `jacobian`, `tuned` and so on; results carry it
/// @param origin the file that it came from; empty of the logit lens
/// @param madeFor the model that it was made for, as far as it says so
/// @param translators by layer: 0 is the embedding, l the stream after block l
/// @param lastToo whether the last layer is translated as well: of controls alone
public record Lens(
        String kind,
        Optional<Origin> origin,
        MadeFor madeFor,
        SortedMap<Integer, Translator> translators,
        boolean lastToo) {
    /// The stream as it is.
    public static final Lens LOGIT =
            new Lens("logit", Optional.empty(), MadeFor.ANY, Collections.emptySortedMap());

    /// Where a lens came from.
    ///
    /// @param path the file or directory
    /// @param sha256 of its bytes
    /// @param facts what it says of how it was made, by its own names
    public record Origin(Path path, String sha256, SortedMap<String, String> facts) {
        /// Takes a copy of the facts.
        public Origin {
            facts = Collections.unmodifiableSortedMap(new TreeMap<>(facts));
        }
    }

    /// What a lens says of its model.
    ///
    /// @param dModel width of the stream
    /// @param nLayers number of blocks
    /// @param model its name
    /// @param unembedSha256 [Unembed#sha256] of its W_U
    public record MadeFor(
            OptionalInt dModel,
            OptionalInt nLayers,
            Optional<String> model,
            Optional<String> unembedSha256) {
        /// Nothing.
        public static final MadeFor ANY =
                new MadeFor(
                        OptionalInt.empty(),
                        OptionalInt.empty(),
                        Optional.empty(),
                        Optional.empty());
    }

    /// A lens, which leaves the last layer as it is.
    public Lens(
            String kind,
            Optional<Origin> origin,
            MadeFor madeFor,
            SortedMap<Integer, Translator> translators) {
        this(kind, origin, madeFor, translators, false);
    }

    /// @throws IllegalArgumentException when a translator has another width than the others
    public Lens {
        translators = Collections.unmodifiableSortedMap(new TreeMap<>(translators));
        long widths = translators.values().stream().map(Translator::dModel).distinct().count();
        if (widths > 1) {
            throw new IllegalArgumentException("the translators of a lens differ in width");
        }
    }

    /// Whether the stream is looked at as it is.
    public boolean isLogit() {
        return translators.isEmpty();
    }

    /// How a message calls it: `the jacobian lens FILE`.
    public String described() {
        return "the %s lens%s".formatted(kind, origin.map(from -> " " + from.path()).orElse(""));
    }

    /// @throws IllegalArgumentException when it was made for a stream of another width, or for
    ///   another number of blocks
    public void requireFits(DecoderConfig config) {
        OptionalInt width =
                translators.isEmpty()
                        ? madeFor.dModel()
                        : OptionalInt.of(translators.firstEntry().getValue().dModel());
        if (width.isPresent() && width.getAsInt() != config.dModel()) {
            throw doesNotFit(
                    "a stream of width %d".formatted(width.getAsInt()),
                    "a width (d_model) of %d".formatted(config.dModel()));
        }
        OptionalInt blocks = madeFor.nLayers();
        if (blocks.isPresent() && blocks.getAsInt() != config.nLayers()) {
            throw doesNotFit(
                    "%d blocks".formatted(blocks.getAsInt()),
                    "%d blocks".formatted(config.nLayers()));
        }
        if (!translators.isEmpty() && translators.lastKey() > config.nLayers()) {
            throw doesNotFit(
                    "at least %d blocks".formatted(translators.lastKey()),
                    "%d blocks".formatted(config.nLayers()));
        }
    }

    private IllegalArgumentException doesNotFit(String its, String found) {
        return new IllegalArgumentException(
                "%s was made for %s, but this model has %s%s"
                        .formatted(
                                described(),
                                its,
                                found,
                                madeFor.model().map(name -> "; it names " + name).orElse("")));
    }

    /// @param points of the stream
    /// @param embedding whether layer 0 is read before those of resid_post
    /// @throws IllegalArgumentException when it does not fit the model, or says nothing of a layer
    ///   that is asked for
    public void requireReads(DecoderConfig config, List<StreamPoint> points, boolean embedding) {
        requireFits(config);
        points.forEach(point -> requireReads(config, point, embedding));
    }

    private void requireReads(DecoderConfig config, StreamPoint point, boolean embedding) {
        if (isLogit()) {
            return;
        }
        if (!betweenBlocks(point)) {
            throw new IllegalArgumentException(
                    "%s translates the stream between blocks and says nothing of %s; ask for %s or %s"
                            .formatted(
                                    described(),
                                    point,
                                    StreamPoint.RESID_PRE,
                                    StreamPoint.RESID_POST));
        }
        List<Integer> missing = new ArrayList<>();
        for (int layer = firstLayer(point, embedding); layer < config.nLayers(); layer++) {
            if (!translators.containsKey(layer)) {
                missing.add(layer);
            }
        }
        if (!missing.isEmpty()) {
            throw new IllegalArgumentException(
                    "%s says nothing of layer %s, counted from 0, the embedding; it has %s"
                            .formatted(described(), shown(missing), shown(layers())));
        }
    }

    private static boolean betweenBlocks(StreamPoint point) {
        return point == StreamPoint.RESID_PRE || point == StreamPoint.RESID_POST;
    }

    /// Layer of the first row of a point: what stands before a block is layer l − 1.
    static int firstLayer(StreamPoint point, boolean embedding) {
        return point == StreamPoint.RESID_POST && !embedding ? 1 : 0;
    }

    /// The layers that it translates, in order.
    public List<Integer> layers() {
        return List.copyOf(translators.keySet());
    }

    private static String shown(List<Integer> layers) {
        return layers.stream().map(String::valueOf).collect(Collectors.joining(", "));
    }

    /// What becomes of a layer's rows; empty where they are read as they are.
    ///
    /// @param nLayers of the model
    public Optional<Translator> of(int layer, int nLayers) {
        return layer < nLayers || lastToo
                ? Optional.ofNullable(translators.get(layer))
                : Optional.empty();
    }

    /// The same lens, from elsewhere.
    public Lens from(Origin where) {
        return new Lens(kind, Optional.of(where), madeFor, translators, lastToo);
    }

    /// A lens that no file holds.
    public static Lens of(String kind, Map<Integer, Translator> translators) {
        return new Lens(kind, Optional.empty(), MadeFor.ANY, new TreeMap<>(translators));
    }
}
