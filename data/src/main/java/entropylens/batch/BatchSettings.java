package entropylens.batch;

import entropylens.hook.Intervention;
import entropylens.lens.Positions;
import entropylens.lens.ProfileRequest;
import entropylens.lens.ReadoutRequest;
import entropylens.lens.StreamPoint;
import entropylens.model.Sampling;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.List;
import java.util.Set;

/// What is done with every prompt.
///
/// @param measured which positions
/// @param tokens to generate; 0 where nothing is
/// @param samples texts from each prompt
/// @param temperature of the sampling; 0 is greedy
/// @param topP of the sampling
/// @param seed of the sampling
/// @param ignoreEnd whether texts go on past the token that ends them
/// @param intervention what the blocks do
/// @param embedding whether the stream before the first block is read too
/// @param readout what is measured
/// @param together texts that run at a time
/// @param points of the stream where each block is read
public record BatchSettings(
        Measured measured,
        int tokens,
        int samples,
        double temperature,
        double topP,
        long seed,
        boolean ignoreEnd,
        Intervention intervention,
        boolean embedding,
        ReadoutRequest readout,
        int together,
        List<StreamPoint> points) {
    public BatchSettings {
        points = List.copyOf(points);
    }

    /// Reads the stream after each block.
    public BatchSettings(
            Measured measured,
            int tokens,
            int samples,
            double temperature,
            double topP,
            long seed,
            boolean ignoreEnd,
            Intervention intervention,
            boolean embedding,
            ReadoutRequest readout,
            int together) {
        this(
                measured,
                tokens,
                samples,
                temperature,
                topP,
                seed,
                ignoreEnd,
                intervention,
                embedding,
                readout,
                together,
                List.of(StreamPoint.RESID_POST));
    }

    /// The same, read elsewhere.
    public BatchSettings at(List<StreamPoint> where) {
        return new BatchSettings(
                measured,
                tokens,
                samples,
                temperature,
                topP,
                seed,
                ignoreEnd,
                intervention,
                embedding,
                readout,
                together,
                where);
    }

    /// Which positions of a text are measured.
    public enum Measured {
        /// Those that predict generated tokens.
        GENERATED,
        /// All of the prompt.
        PROMPT,
        /// Those that predict the tokens of an answer that stands beside the prompt.
        ANSWER
    }

    /// @param stopIds of the model
    ProfileRequest request(Set<Integer> stopIds) {
        Positions positions =
                switch (measured) {
                    case PROMPT -> Positions.PROMPT;
                    case ANSWER -> Positions.ANSWER;
                    case GENERATED ->
                            new Positions.Generated(
                                    tokens,
                                    new Sampling(temperature, topP, seed),
                                    ignoreEnd ? Set.of() : stopIds);
                };
        return new ProfileRequest(positions, intervention, embedding, readout, points);
    }

    /// Which random numbers a text draws: of its prompt's number and its own among that prompt's
    /// samples, so that they are the same in every part, order and run.
    static int draw(long number, int sample) {
        try {
            byte[] name = (number + "/" + sample).getBytes(StandardCharsets.UTF_8);
            byte[] digest = MessageDigest.getInstance("SHA-256").digest(name);
            return ByteBuffer.wrap(digest).getInt();
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every JVM has SHA-256", e);
        }
    }
}
