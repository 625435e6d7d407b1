package warp.stream;

import java.time.Duration;
import warp.model.Lsn;

/**
 * How far each window of the source's log reaches. Whatever its size, the server decodes from the
 * slot's restart position on, which follows only when running transactions are logged (every 15
 * seconds on a busy server) and stands still while one is long open: so a window is larger than
 * what is decoded again for it, and where that is much, the walsender, which decodes once, is
 * better. Where windows give nothing, a transaction is under way that is longer than they are, and
 * each of them would decode it anew: so one is tried that is as long as can be, if the server sends
 * such a transaction without keeping it, and then the walsender is taken. At the end of the log
 * windows are small, and going live costs decoding again as well: so that waits until what has been
 * read is applied.
 *
 * @param windowBytesMin the size of the first window, so that there is soon something to apply;
 *     also the least backlog that is read in windows: for less, a copy of the slot is not worth
 *     while
 * @param windowBytesMax what a window gives the server keeps until it is sent, in temporary files
 *     if need be, twice as much as the log in all
 * @param restBytes less than this is left to the walsender
 * @param worth how much a window must give for each byte that is decoded again for it
 * @param againBytesMax how much is decoded again at most for a window; it also bounds a transaction
 *     that is read this way
 * @param barrenBytesMax how much log may be decoded again that has given nothing
 * @param stretchedBytesMax how long the window is that is tried then
 * @param aheadBytesMax of what windows give so much is fetched ahead of who decodes it, roughly
 * @param waitMax how long to wait at most until what has been read is applied
 */
record WindowPlan(
        long windowBytesMin,
        long windowBytesMax,
        long restBytes,
        double worth,
        long againBytesMax,
        long barrenBytesMax,
        long stretchedBytesMax,
        long aheadBytesMax,
        Duration waitMax) {

    /**
     * How many times as large as what is decoded again a window is, up to the largest. Not more, as
     * the next is decoded while one is applied, which goes the better the more alike they are.
     */
    private static final long TIMES_AGAIN = 2;

    /** So many of the smallest windows decoded again are worth an attempt at avoiding it. */
    private static final long MUCH_AGAIN = 4;

    static final WindowPlan USUAL =
            new WindowPlan(
                    16L << 20,
                    256L << 20,
                    2L << 20,
                    0.5,
                    512L << 20,
                    16L << 20,
                    2L << 30,
                    64L << 20,
                    Duration.ofMinutes(1));

    /**
     * Where a reader stands.
     *
     * @param read all that committed before is read
     * @param restart from where the server decodes
     * @param end of the log
     * @param given up to where windows have given a transaction
     * @param stretchedInVain whether a window as long as can be has given nothing since, or would
     *     cost too much
     */
    record Reach(Lsn read, Lsn restart, Lsn end, Lsn given, boolean stretchedInVain) {
        private long behind() {
            return end.bytesSince(read);
        }

        private long again() {
            return read.bytesSince(restart);
        }

        private long barren() {
            return read.bytesSince(restart.max(given));
        }
    }

    /** What to do next. */
    sealed interface Step {}

    /**
     * Reads a window.
     *
     * @param upTo within the log
     * @param stretched whether it is as long as can be, as others have given nothing
     */
    record Window(Lsn upTo, boolean stretched) implements Step {}

    /** The walsender is better. */
    record Live() implements Step {}

    /** Too little is left for a window, and much is still to be applied. */
    record Wait() implements Step {}

    /** Whether so much backlog is worth a copy of the slot. */
    boolean isWorthWhile(long backlogBytes) {
        return backlogBytes >= windowBytesMin;
    }

    /** Whether to try to move the restart position, which costs as much as decoding again once. */
    boolean decodesMuchAgain(Reach reach) {
        return reach.again() >= MUCH_AGAIN * windowBytesMin;
    }

    /**
     * The next step.
     *
     * @param mayGoLive whether everything that was read is applied, or has been waited for
     */
    Step next(Reach reach, boolean mayGoLive) {
        boolean barren = reach.barren() >= barrenBytesMax;
        if (reach.again() > againBytesMax || (barren && reach.stretchedInVain())) {
            return new Live();
        }
        long window =
                barren
                        ? stretchedBytesMax
                        : Math.clamp(TIMES_AGAIN * reach.again(), windowBytesMin, windowBytesMax);
        if (reach.behind() >= Math.max(restBytes, (long) (worth * (double) reach.again()))) {
            Lsn upTo = new Lsn(reach.read().value() + Math.min(window, reach.behind()));
            return new Window(upTo, barren);
        }
        return mayGoLive ? new Live() : new Wait();
    }
}
