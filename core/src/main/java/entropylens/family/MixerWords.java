package entropylens.family;

import static entropylens.family.Features.blocks;
import static entropylens.family.Features.number;

import entropylens.model.AttentionShape;
import entropylens.model.DecoderConfig;
import entropylens.model.MixerShape;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;

/// The mixers that are not attention, in words.
final class MixerWords {
    private MixerWords() {}

    static List<String> of(DecoderConfig config) {
        Map<MixerShape.Recurrent, Long> kinds =
                config.mixers().stream()
                        .flatMap(mixer -> recurrent(mixer).stream())
                        .collect(
                                Collectors.groupingBy(
                                        kind -> kind, LinkedHashMap::new, Collectors.counting()));
        return kinds.entrySet().stream()
                .flatMap(kind ->
                        words(kind.getKey(), blocks(kind.getValue(), config.nLayers())).stream())
                .toList();
    }

    private static Optional<MixerShape.Recurrent> recurrent(MixerShape mixer) {
        return switch (mixer) {
            case AttentionShape _ -> Optional.empty();
            case MixerShape.Recurrent alone -> Optional.of(alone);
            case MixerShape.SideBySide both -> Optional.of(both.space());
        };
    }

    private static List<String> words(MixerShape.Recurrent kind, String where) {
        return switch (kind) {
            case MixerShape.DeltaNet net ->
                    List.of(
                            "gated delta net in %s, with a convolution over %s tokens"
                                    .formatted(where, number(net.taps())),
                            "delta net of %s key heads of %s, %s value heads of %s"
                                    .formatted(
                                            number(net.nKeyHeads()),
                                            number(net.dKey()),
                                            number(net.nValueHeads()),
                                            number(net.dValue())));
            case MixerShape.ShortConvolution convolution ->
                    List.of(
                            "gated convolution over %s tokens in %s"
                                    .formatted(number(convolution.taps()), where));
            case MixerShape.SelectiveScan scan ->
                    List.of(
                            "selective scan in %s, with a convolution over %s tokens"
                                    .formatted(where, number(scan.taps())),
                            "scan of %s channels of %s states, steps out of %s elements"
                                    .formatted(
                                            number(scan.channels()),
                                            number(scan.states()),
                                            number(scan.rank())));
            case MixerShape.StateSpace space ->
                    List.of(
                            "state space in %s, with a convolution over %s tokens"
                                    .formatted(where, number(space.taps())),
                            "state space of %s heads of %s, %s groups, %s states"
                                    .formatted(
                                            number(space.nHeads()),
                                            number(space.dHead()),
                                            number(space.nGroups()),
                                            number(space.dState())));
        };
    }
}
