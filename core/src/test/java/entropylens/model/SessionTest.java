package entropylens.model;

import static entropylens.model.TestModels.feed;
import static entropylens.model.TestModels.part;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import entropylens.hook.HookPoint;
import java.util.ArrayList;
import java.util.ConcurrentModificationException;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

class SessionTest {
    private static final String NAME = "llama-gqa-tied";

    private final Model model = TestModels.load(NAME, 1);
    private final int[] tokens = TestModels.tokens(NAME);
    private final int dVocab = model.config().dVocab();

    @Test
    void aTokenOutsideTheVocabularyIsRefused() {
        for (int bad : new int[] {-1, dVocab, Integer.MAX_VALUE}) {
            failsAndLeavesTheSessionUsable(
                    session -> feed(model, session, 3, bad),
                    IllegalArgumentException.class,
                    "token id %d is outside the vocabulary 0..%d".formatted(bad, dVocab - 1));
        }
    }

    @Test
    void aSessionWithoutRoomRefuses() {
        failsAndLeavesTheSessionUsable(
                session -> feed(model, session, new int[tokens.length - 4]),
                IllegalStateException.class,
                "holds 5 of %d tokens and has no room for %d more"
                        .formatted(tokens.length, tokens.length - 4));
    }

    @Test
    void anObserverThatThrowsEndsTheForwardPass() {
        failsAndLeavesTheSessionUsable(
                session -> {
                    try (var _ =
                            session.observe(
                                    HookPoint.residMid(1),
                                    (_, position, _, _) -> {
                                        if (position == 6) {
                                            throw new ArithmeticException("enough");
                                        }
                                    })) {
                        feed(model, session, 1, 2, 3, 4);
                    }
                },
                ArithmeticException.class,
                "enough");
    }

    @Test
    void aBatchWithOneBadSessionLeavesTheOthers() {
        failsAndLeavesTheSessionUsable(
                session -> {
                    Batch batch = new Batch();
                    batch.add(session, 1, 2);
                    batch.add(model.newSession(3), 1, dVocab);
                    model.forward(batch);
                },
                IllegalArgumentException.class,
                "outside the vocabulary");
    }

    private interface Attempt {
        void on(Session session);
    }

    /// After five tokens the attempt fails; the rest of the text then goes as if it had not been.
    private void failsAndLeavesTheSessionUsable(
            Attempt attempt, Class<? extends Exception> failure, String message) {
        Session untouched = model.newSession(tokens.length);
        Recording expected = new Recording(model, untouched);
        Session session = model.newSession(tokens.length);
        Recording recording = new Recording(model, session);
        feed(model, untouched, part(tokens, 0, 5));
        feed(model, session, part(tokens, 0, 5));
        assertThatThrownBy(() -> attempt.on(session))
                .isInstanceOf(failure)
                .hasMessageContaining(message);
        assertThat(session.position()).isEqualTo(5);
        feed(model, untouched, part(tokens, 5, tokens.length));
        feed(model, session, part(tokens, 5, tokens.length));
        recording.requireSameBits(expected, tokens.length);
    }

    @Test
    void aSessionAppearsInABatchOnce() {
        Session session = model.newSession(10);
        Batch batch = new Batch();
        batch.add(session, 1);
        assertThatThrownBy(() -> batch.add(session, 2))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("twice");
        assertThat(batch.rows()).isEqualTo(1);
    }

    @Test
    void noTokensAreRefused() {
        assertThatThrownBy(() -> new Batch().add(model.newSession(10)))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("at least one token");
    }

    @Test
    void aBatchKeepsItsOwnTokens() {
        Session session = model.newSession(10);
        Session same = model.newSession(10);
        int[] mine = part(tokens, 0, 4);
        Batch batch = new Batch();
        batch.add(session, mine);
        mine[0] = dVocab;
        assertThat(model.forward(batch)).isEqualTo(feed(model, same, part(tokens, 0, 4)));
    }

    @Test
    void aSessionMustFitTheContext() {
        int nCtx = model.config().nCtx();
        for (int capacity : new int[] {0, -1, nCtx + 1}) {
            assertThatThrownBy(() -> model.newSession(capacity))
                    .isInstanceOf(IllegalArgumentException.class)
                    .hasMessageContaining("1 to " + nCtx);
        }
        assertThat(model.newSession(nCtx).capacity()).isEqualTo(nCtx);
    }

    @Test
    void aSessionOfAnotherModelIsRefused() {
        Model other = TestModels.load("llama-f16", 1);
        Session session = other.newSession(10);
        assertThatThrownBy(() -> feed(model, session, 1, 2))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("another model");
        assertThat(session.position()).isZero();
        feed(other, session, 1, 2);
    }

    @Test
    void aClosedObserverSeesNothing() {
        Session session = model.newSession(10);
        List<String> seen = new ArrayList<>();
        Session.Attached first =
                session.observe(HookPoint.residPost(0), (_, p, _, _) -> seen.add("first " + p));
        Session.Attached second =
                session.observe(HookPoint.residPost(0), (_, p, _, _) -> seen.add("second " + p));
        feed(model, session, 1, 2);
        first.close();
        first.close();
        feed(model, session, 3);
        second.close();
        feed(model, session, 4);
        assertThat(seen).containsExactly("first 0", "second 0", "first 1", "second 1", "second 2");
    }

    @Test
    void anObserverSeesOnlyItsSession() {
        Session watched = model.newSession(10);
        List<Integer> positions = new ArrayList<>();
        try (var _ = watched.observe(HookPoint.mlpOut(1), (_, p, _, _) -> positions.add(p))) {
            feed(model, watched, 5);
            Batch batch = new Batch();
            batch.add(model.newSession(10), 1, 2, 3);
            batch.add(watched, 1, 2);
            model.forward(batch);
        }
        assertThat(positions).containsExactly(0, 1, 2);
    }

    @Test
    @Timeout(30)
    void aSecondThreadIsTurnedAway() throws InterruptedException {
        Session session = model.newSession(tokens.length);
        CountDownLatch inside = new CountDownLatch(1);
        CountDownLatch tried = new CountDownLatch(1);
        session.observe(
                HookPoint.residPre(0),
                (_, _, _, _) -> {
                    inside.countDown();
                    try {
                        tried.await();
                    } catch (InterruptedException e) {
                        throw new IllegalStateException(e);
                    }
                });
        AtomicReference<Throwable> failure = new AtomicReference<>();
        Thread first =
                Thread.ofPlatform()
                        .uncaughtExceptionHandler((_, e) -> failure.set(e))
                        .start(() -> feed(model, session, 1));
        inside.await();
        assertThatThrownBy(() -> feed(model, session, 2))
                .isInstanceOf(ConcurrentModificationException.class)
                .hasMessageContaining("open a second session");
        // a batch that holds it among others, too, and the others are free again
        Session other = model.newSession(10);
        Batch batch = new Batch();
        batch.add(other, 1);
        batch.add(session, 2);
        assertThatThrownBy(() -> model.forward(batch))
                .isInstanceOf(ConcurrentModificationException.class);
        assertThat(other.position()).isZero();
        feed(model, other, 1);
        tried.countDown();
        first.join();
        assertThat(failure.get()).isNull();
        assertThat(session.position()).isEqualTo(1);
    }

    @Test
    void anObserverCannotFeedItsOwnSession() {
        Session session = model.newSession(10);
        session.observe(HookPoint.residPost(0), (_, _, _, _) -> feed(model, session, 7));
        assertThatThrownBy(() -> feed(model, session, 1, 2))
                .isInstanceOf(ConcurrentModificationException.class);
        assertThat(session.position()).isZero();
    }
}
