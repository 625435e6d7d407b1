package warp.postgres;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.concurrent.CountDownLatch;
import java.util.function.Supplier;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import warp.error.ErrorCode;
import warp.error.WarpException;

@Timeout(60)
class OpeningTest {

    /** Tells when it is closed. */
    private record Fake(CountDownLatch closed) implements AutoCloseable {

        Fake() {
            this(new CountDownLatch(1));
        }

        @Override
        public void close() {
            closed.countDown();
        }

        boolean isClosed() {
            return closed.getCount() == 0;
        }
    }

    @Test
    void sessionThatWasTaken_isNotClosedWithTheLogin() {
        Fake session = new Fake();
        try (Opening<Fake> opening = Opening.begin(() -> session)) {
            assertThat(opening.take()).isSameAs(session);
        }
        assertThat(session.isClosed()).isFalse();
    }

    @Test
    void sessionThatNobodyTakes_isClosed() throws InterruptedException {
        Fake session = new Fake();
        CountDownLatch opened = new CountDownLatch(1);
        Opening<Fake> opening =
                Opening.begin(() -> {
                    opened.countDown();
                    return session;
                });
        opened.await();

        opening.close();

        session.closed().await();
    }

    @Test
    void sessionThatComesTooLate_isClosed() throws InterruptedException {
        for (boolean stream : new boolean[] {false, true}) {
            Fake session = new Fake();
            CountDownLatch begun = new CountDownLatch(1);
            CountDownLatch go = new CountDownLatch(1);
            Opening<Fake> opening = begin(stream, session, begun, go);
            begun.await();

            opening.close();
            go.countDown();

            session.closed().await();
            assertThatThrownBy(opening::take)
                    .isInstanceOfSatisfying(
                            WarpException.class,
                            it -> assertThat(it.code()).isEqualTo(ErrorCode.INTERRUPTED));
        }
    }

    private static Opening<Fake> begin(
            boolean stream, Fake session, CountDownLatch begun, CountDownLatch go) {
        Supplier<Fake> login =
                () -> {
                    begun.countDown();
                    while (go.getCount() > 0) {
                        try {
                            go.await();
                        } catch (InterruptedException tooLate) {
                            // A login that does not hear of it.
                        }
                    }
                    return session;
                };
        return stream ? Opening.beginToStream(login) : Opening.begin(login);
    }

    @Test
    void refusal_isThrownToWhoWantsTheSession() {
        WarpException refusal = new WarpException(ErrorCode.LOGIN, "no");
        try (Opening<Fake> opening =
                Opening.begin(() -> {
                    throw refusal;
                })) {
            assertThatThrownBy(opening::take).isSameAs(refusal);
        }
    }

    @Test
    void interruptionOfWhoWaits_endsTheLogin() throws InterruptedException {
        CountDownLatch interrupted = new CountDownLatch(1);
        try (Opening<Fake> opening =
                Opening.begin(() -> {
                    try {
                        new CountDownLatch(1).await();
                    } catch (InterruptedException stopped) {
                        interrupted.countDown();
                    }
                    throw new WarpException(ErrorCode.CONNECTION, "lost");
                })) {
            Thread.currentThread().interrupt();
            assertThatThrownBy(opening::take)
                    .isInstanceOfSatisfying(
                            WarpException.class,
                            it -> assertThat(it.code()).isEqualTo(ErrorCode.INTERRUPTED));
            assertThat(Thread.interrupted()).isTrue();
            interrupted.await();
        }
    }
}
