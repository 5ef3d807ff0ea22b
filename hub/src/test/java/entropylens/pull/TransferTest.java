package entropylens.pull;

import static org.assertj.core.api.Assertions.assertThat;

import entropylens.pull.TestServer.Reply;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.ZoneOffset;
import java.time.ZonedDateTime;
import java.time.format.DateTimeFormatter;
import java.util.Arrays;
import java.util.Collections;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Networks and servers as they are: cut, slow, busy and lying.
class TransferTest {
    private static final String ID = "org/tiny";
    private static final String WEIGHTS = "model.safetensors";
    private static final int SIZE = 100_000;

    @TempDir Path folder;
    private final FakeHub hub = FakeHub.withModel(SIZE);

    @AfterEach
    void close() {
        hub.close();
    }

    private Pulling pulling(String... variables) {
        return new Pulling(hub.environment(folder.resolve("hub"), variables), folder);
    }

    @SafeVarargs
    private void weights(UnaryOperator<Reply>... replies) {
        hub.upset("cdn", "GET " + WEIGHTS, replies);
    }

    private static UnaryOperator<Reply>[] always(UnaryOperator<Reply> reply) {
        @SuppressWarnings("unchecked")
        UnaryOperator<Reply>[] replies = new UnaryOperator[100];
        Arrays.fill(replies, reply);
        return replies;
    }

    private static Reply status(int status) {
        return Reply.of(status, "no");
    }

    private Path blob() {
        String etag = FakeHub.sha256(hub.large.get(WEIGHTS));
        return folder.resolve("hub/models--org--tiny/blobs").resolve(etag);
    }

    private Path incomplete() {
        return Transfer.incomplete(blob());
    }

    private void begin(byte[] bytes) throws IOException {
        Files.createDirectories(blob().getParent());
        Files.write(incomplete(), bytes);
    }

    private byte[] firstBytes(int count) {
        return Arrays.copyOf(hub.large.get(WEIGHTS), count);
    }

    private void assertPulled(Pulling pulling) {
        pulling.pull(ID);
        assertThat(blob()).hasBinaryContent(hub.large.get(WEIGHTS));
        assertThat(incomplete()).doesNotExist();
        Pulling.assertNoSecret(pulling.notes.toString());
    }

    /// That the file was asked for from the start, and then from where each cut left it. Java's
    /// client may drop the last few thousand bytes before a cut.
    private void assertResumedAfter(int... cuts) {
        var ranges = hub.ranges(WEIGHTS);
        assertThat(ranges).hasSize(1 + cuts.length).startsWith("");
        int last = 0;
        for (int i = 0; i < cuts.length; i++) {
            int from = Integer.parseInt(ranges.get(i + 1).replaceAll("bytes=(\\d+)-", "$1"));
            assertThat(from).isGreaterThan(last).isLessThanOrEqualTo(cuts[i]);
            last = from;
        }
    }

    @Test
    void aCutConnectionIsResumedWhereItBroke() {
        weights(reply -> reply.cutAfter(30_000), reply -> reply.cutAfter(50_000));
        Pulling pulling = pulling();
        assertPulled(pulling);
        assertResumedAfter(30_000, 80_000);
        assertThat(pulling.waits).containsExactly(1L, 2L);
        assertThat(pulling.notes.getFirst())
                .contains("the transfer ended after ", " of 100,000 bytes", "attempt 2 of 6");
    }

    @Test
    void whatAnEarlierPullBeganIsFinished() throws IOException {
        begin(firstBytes(60_000));
        Pulling pulling = pulling();
        assertPulled(pulling);
        assertThat(hub.ranges(WEIGHTS)).containsExactly("bytes=60000-");
        long small = hub.files.get("config.json").length + hub.files.get("tokenizer.json").length;
        assertThat(pulling.missing).isEqualTo(40_000 + small);
    }

    @Test
    void whatHadArrivedCompletelyIsNotAskedForAgain() throws IOException {
        begin(firstBytes(SIZE));
        assertPulled(pulling());
        assertThat(hub.ranges(WEIGHTS)).isEmpty();
    }

    @Test
    void aBeginningThatIsTooLongIsThrownAway() throws IOException {
        begin(new byte[SIZE + 1]);
        assertPulled(pulling());
        assertThat(hub.ranges(WEIGHTS)).containsExactly("");
    }

    @Test
    void aBeginningOfSomethingElseIsFoundOut() throws IOException {
        begin(new byte[60_000]);
        assertThat(pulling().refused(ID))
                .contains(WEIGHTS + " was damaged on its way: its SHA-256 should be");
        assertThat(incomplete()).doesNotExist();
        assertPulled(pulling());
    }

    @Test
    void anEmptyFileIsAFile() {
        hub.large.put(WEIGHTS, new byte[0]);
        hub.files.put("merges.txt", new byte[0]);
        assertPulled(pulling());
    }

    @Test
    void withoutProgressItGivesUpAndKeepsWhatItHas() throws IOException {
        weights(concat(reply -> reply.cutAfter(70_000), always(reply -> reply.cutAfter(0))));
        Pulling pulling = pulling();
        assertThat(pulling.refused(ID))
                .contains(
                        "the transfer ended after ",
                        " of 100,000 bytes",
                        "what has arrived is kept: run the same command again");
        assertThat(pulling.waits).as(pulling.notes.toString()).containsExactly(1L, 2L, 4L, 8L, 8L);
        long kept = Files.size(incomplete());
        assertThat(kept).isGreaterThan(0);
        weights();
        assertPulled(pulling());
        assertThat(hub.ranges(WEIGHTS).getLast()).isEqualTo("bytes=" + kept + "-");
    }

    private static UnaryOperator<Reply>[] concat(
            UnaryOperator<Reply> first, UnaryOperator<Reply>[] rest) {
        UnaryOperator<Reply>[] all = rest.clone();
        all[0] = first;
        return all;
    }

    @Test
    void anIgnoredRangeBeginsAnew() throws IOException {
        begin(firstBytes(60_000));
        weights(reply -> Reply.of(hub.large.get(WEIGHTS)));
        assertPulled(pulling());
        assertThat(hub.ranges(WEIGHTS)).containsExactly("bytes=60000-");
    }

    @Test
    void anotherRangeThanAskedForBeginsAnew() throws IOException {
        begin(firstBytes(60_000));
        weights(reply -> reply.with("Content-Range", "bytes 50000-99999/100000"));
        assertPulled(pulling());
        assertThat(hub.ranges(WEIGHTS)).containsExactly("bytes=60000-", "");
    }

    @Test
    void aRangeOfAnotherFileBeginsAnew() throws IOException {
        begin(firstBytes(60_000));
        weights(reply -> reply.with("Content-Range", "bytes 60000-99999/100001"));
        assertPulled(pulling());
        assertThat(hub.ranges(WEIGHTS)).containsExactly("bytes=60000-", "");
    }

    @Test
    void aRangeThatCannotBeSatisfiedBeginsAnew() throws IOException {
        begin(firstBytes(60_000));
        weights(reply -> status(416));
        assertPulled(pulling());
        assertThat(hub.ranges(WEIGHTS)).containsExactly("bytes=60000-", "");
    }

    @Test
    void moreBytesThanAnnouncedAreRefused() {
        weights(reply -> Reply.of(FakeHub.noise(SIZE + 1)));
        assertThat(pulling().refused(ID))
                .contains("sends more for model.safetensors than the 100,000 bytes");
        assertThat(incomplete()).doesNotExist();
        assertThat(blob()).doesNotExist();
    }

    @Test
    void aLengthThatIsTooLargeForItsBodyIsACut() {
        weights(reply ->
                new Reply(200, Collections.emptyMap(), firstBytes(40_000), -1, false)
                        .with("Content-Length", "100000")
                        .cutAfter(40_000));
        assertPulled(pulling());
        assertResumedAfter(40_000);
    }

    @Test
    void aLengthThatIsTooSmallIsResumed() {
        weights(reply -> Reply.of(firstBytes(99_000)));
        assertPulled(pulling());
        assertThat(hub.ranges(WEIGHTS)).containsExactly("", "bytes=99000-");
    }

    @Test
    void aFileThatIsShorterThanTheHubSaysIsGivenUp() {
        hub.upset("hub", "HEAD " + WEIGHTS, reply -> reply.with("X-Linked-Size", "100001"));
        Pulling pulling = pulling();
        assertThat(pulling.refused(ID))
                .contains(
                        "does not give the bytes from 100,000 on of the 100,001 that the hub announced");
        assertThat(pulling.waits).hasSize(Retries.MOST);
        assertThat(blob()).doesNotExist();
    }

    @Test
    void aFileThatIsLongerThanTheHubSaysIsRefused() {
        hub.upset("hub", "HEAD " + WEIGHTS, reply -> reply.with("X-Linked-Size", "99999"));
        assertThat(pulling().refused(ID)).contains("sends more for model.safetensors than the");
        assertThat(incomplete()).doesNotExist();
    }

    @Test
    void wrongContentIsDeleted() {
        byte[] wrong = hub.large.get(WEIGHTS).clone();
        wrong[77_777] ^= 1;
        weights(reply -> Reply.of(wrong));
        assertThat(pulling().refused(ID))
                .contains("its SHA-256 should be " + blob().getFileName(), FakeHub.sha256(wrong));
        assertThat(incomplete()).doesNotExist();
        assertThat(blob()).doesNotExist();
        assertPulled(pulling());
    }

    @Test
    void wrongContentOfASmallFileIsDeletedToo() {
        hub.upset(
                "hub",
                "GET config.json",
                reply ->
                        Reply.of(
                                FakeHub.bytes(new String(reply.body()).replace("llama", "evil_"))));
        assertThat(pulling().refused(ID)).contains("config.json was damaged", "its git hash");
    }

    @Test
    void anEncodingThatWasNotAskedForIsRefused() {
        weights(reply -> reply.with("Content-Encoding", "gzip"));
        assertThat(pulling().refused(ID)).contains("in the encoding 'gzip'");
    }

    @Test
    void silenceIsACut() {
        weights(reply -> reply.silentAfter(10_000));
        Pulling pulling = pulling("HF_HUB_DOWNLOAD_TIMEOUT", "1");
        assertPulled(pulling);
        assertThat(pulling.notes.getFirst()).contains("there was no answer in time");
        assertResumedAfter(10_000);
    }

    @Test
    void aServerErrorIsTriedAgain() {
        hub.upset("hub", "GET main", reply -> status(500), reply -> status(503));
        hub.upset("hub", "HEAD config.json", reply -> status(502));
        weights(reply -> status(504), reply -> status(500));
        Pulling pulling = pulling();
        assertPulled(pulling);
        assertThat(pulling.waits).containsExactly(1L, 2L, 1L, 1L, 2L);
    }

    @Test
    void aServerErrorWithoutEndIsGivenUp() {
        hub.upset("hub", "GET main", always(reply -> status(500)));
        Pulling pulling = pulling();
        assertThat(pulling.refused(ID))
                .contains("org/tiny: the hub is out of order (it answered 500); try again later");
        assertThat(pulling.waits).containsExactly(1L, 2L, 4L, 8L, 8L);
    }

    @Test
    void anExpiredAddressIsAskedForAgain() {
        weights(reply -> status(403));
        assertPulled(pulling());
        assertThat(hub.gets()).filteredOn(path -> path.startsWith("/org/tiny")).hasSize(4);
    }

    @Test
    void aRefusalOfTheOtherHostIsNotTakenForTheHubs() {
        weights(always(reply -> status(403)));
        assertThat(pulling().refused(ID))
                .contains("the host " + hub.cdn.uri(), "for model.safetensors, answered 403");
    }

    @Test
    void whoAsksToWaitIsWaitedFor() {
        String date =
                DateTimeFormatter.RFC_1123_DATE_TIME.format(
                        ZonedDateTime.now(ZoneOffset.UTC).plusSeconds(100));
        hub.upset(
                "hub",
                "GET main",
                reply -> status(429).with("Retry-After", "7"),
                reply -> status(429).with("Retry-After", date),
                reply -> status(429).with("RateLimit", "\"api\";r=0;t=55"),
                reply -> status(429));
        Pulling pulling = pulling();
        assertPulled(pulling);
        assertThat(pulling.waits).hasSize(4);
        assertThat(pulling.waits.get(0)).isEqualTo(7);
        assertThat(pulling.waits.get(1)).isBetween(90L, 101L);
        assertThat(pulling.waits.get(2)).isEqualTo(56);
        assertThat(pulling.waits.get(3)).isEqualTo(8);
        assertThat(pulling.notes.getFirst())
                .isEqualTo(
                        "org/tiny: the hub limits how often it may be asked (429); attempt 2 of 6 follows in 7 s");
    }

    @Test
    void whoAsksToWaitTooLongIsNotWaitedFor() {
        hub.upset("hub", "GET main", reply -> status(429).with("Retry-After", "3600"));
        Pulling pulling = pulling();
        assertThat(pulling.refused(ID)).contains("the server asks to wait 61 minutes");
        assertThat(pulling.waits).isEmpty();
    }
}
