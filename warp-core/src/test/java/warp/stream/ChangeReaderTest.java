package warp.stream;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import warp.decode.TestDecodingDecoder;
import warp.model.ChangeEvent;
import warp.model.Lsn;
import warp.postgres.wire.ChangeStream.Frame;
import warp.postgres.wire.FrameSource;
import warp.progress.Progress;

/** How changes that come one by one are handed over. */
class ChangeReaderTest {

    private static final int FRAMES = 200;
    private static final byte[] COMMIT =
            "COMMIT 7 (at 2026-01-02 03:04:05.678901+00)".getBytes(StandardCharsets.US_ASCII);
    private static final Duration PATIENCE = Duration.ofSeconds(30);

    /**
     * A source whose next change has never come yet when it is asked first, and always when again.
     */
    private static final class OneByOne implements FrameSource {

        private int sent;
        private boolean asked;

        @Override
        public @Nullable Frame next() {
            asked = false;
            sent++;
            Lsn position = new Lsn(sent);
            return sent > FRAMES ? null : new Frame.Data(position, position, COMMIT);
        }

        @Override
        public boolean hasNext() {
            boolean again = asked;
            asked = true;
            return again;
        }

        @Override
        public Lsn sendStatus(Lsn received, Lsn flushed, boolean replyRequested) {
            return flushed;
        }

        @Override
        public void abort() {
            // Nobody waits in it.
        }

        @Override
        public void close() {
            // It holds nothing.
        }
    }

    @Test
    void changesOneByOne_theFirstGoesOnAtOnce_theOthersGather() throws InterruptedException {
        List<List<ChangeEvent>> batches = new ArrayList<>();
        int events = 0;
        try (ChangeReader reader =
                ChangeReader.start(
                        new OneByOne(),
                        new TestDecodingDecoder(),
                        Lsn.NONE,
                        ChangeReader.QUEUE_BYTES_MAX,
                        new Progress())) {
            while (events < FRAMES) {
                List<ChangeEvent> batch = reader.take(PATIENCE);
                batches.add(batch);
                events += batch.size();
            }
        }
        assertThat(batches.getFirst()).hasSize(1);
        assertThat(batches.size()).as("hand-overs").isLessThan(FRAMES * 3 / 4);
        assertThat(batches.stream().flatMap(List::stream))
                .as("in order, each once")
                .extracting(event -> ((ChangeEvent.Commit) event).endLsn().value())
                .isSorted()
                .doesNotHaveDuplicates()
                .hasSize(FRAMES);
    }
}
