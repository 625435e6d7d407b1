package warp.stream;

import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import warp.config.SlotNames;
import warp.error.ErrorCode;
import warp.error.WarpException;
import warp.model.Lsn;
import warp.model.Side;
import warp.postgres.wire.ChangeRows;
import warp.postgres.wire.WireSession;
import warp.sql.SlotWindowStatements;

/**
 * A slot of {@code pgoutput} read window by window, by a session that makes a temporary copy of the
 * slot: the copy moves with what is read, the slot itself only with what is durable. The copy goes
 * with the session, however that ends. No snapshot is held between fetches, however long a window
 * is read. For one thread at a time, but for {@link #abort}.
 */
final class SlotWindows implements AutoCloseable {

    /** Fetched at once, roughly. */
    private static final long FETCH_BYTES = 1L << 20;

    private static final int FETCH_ROWS_FIRST = 256;
    private static final int FETCH_ROWS_MAX = 16_384;

    /** How messages begin that end a transaction. */
    private static final byte COMMIT = 'C';

    private static final byte COMMIT_OF_PIECES = 'c';

    private final WireSession session;
    private final String slot;
    private final String copy;
    private final List<String> publications;

    /** Whether large transactions come in pieces, before they commit. */
    private final boolean inPieces;

    /** The rows that are being fetched. */
    private @Nullable ChangeRows rows;

    private boolean open;
    private int fetchRows;
    private long fetchedBytes;

    /** Where the window ends, and whether it has given a transaction. */
    private Lsn upTo = Lsn.NONE;

    private boolean gives;

    /** Whether it is as long as can be, because those before it gave nothing. */
    private boolean stretched;

    private boolean stretchedInVain;

    /** The end of the last window that gave anything. */
    private Lsn given = Lsn.NONE;

    private SlotWindows(
            WireSession session, String slot, List<String> publications, boolean inPieces) {
        this.session = session;
        this.slot = slot;
        this.copy = SlotNames.bulk(slot);
        this.publications = publications;
        this.inPieces = inPieces;
    }

    /**
     * Makes the copy; empty where little is to be read.
     *
     * @param from what committed before is left out
     * @throws WarpException where the source cannot be reached, or does not do this: it is too old,
     *     a standby, has no slot to spare, or refuses the functions
     */
    static Optional<SlotWindows> open(SlotReading reading, Lsn from, WindowPlan plan) {
        WireSession session = reading.source().openWire();
        try {
            List<@Nullable String> end = session.queryRow(SlotWindowStatements.end());
            if (!plan.isWorthWhile(lsn(end.get(0)).bytesSince(from))) {
                session.close();
                return Optional.empty();
            }
            SlotWindows windows =
                    new SlotWindows(
                            session,
                            reading.slot(),
                            reading.publications(),
                            "t".equals(end.get(1)));
            windows.begin(from);
            return Optional.of(windows);
        } catch (RuntimeException refused) {
            session.close();
            throw refused;
        }
    }

    private void begin(Lsn from) {
        session.execute(SlotWindowStatements.memory());
        Lsn known = lsn(session.queryRow(SlotWindowStatements.copy(slot, copy)).getFirst());
        given = known.max(from);
        if (from.isAfter(known)) {
            session.queryRow(SlotWindowStatements.advance(copy, from));
        }
    }

    /**
     * Brings the position that the copy is decoded from to where it may be. A function that reads a
     * slot moves that by one record of running transactions, however many it has met; going over
     * the same log again, and giving nothing, moves it to the last, for a fraction of the cost.
     */
    void moveRestart(Lsn read) {
        session.queryRow(SlotWindowStatements.advance(copy, read));
    }

    /** Where the copy stands. */
    WindowPlan.Reach reach() {
        List<@Nullable String> row = session.queryRow(SlotWindowStatements.reach(copy));
        return new WindowPlan.Reach(
                lsn(row.get(0)),
                lsn(row.get(1)),
                lsn(row.get(2)),
                given,
                stretchedInVain || !inPieces);
    }

    /**
     * Opens a window: what has not been read and committed before a position. All of it is decoded
     * now, by a query that has ended when this returns. Where the server can do it, pieces of
     * transactions are among it, which {@link StreamedTransactions} puts right.
     */
    void open(WindowPlan.Window window) {
        session.execute(
                SlotWindowStatements.openWindow(copy, window.upTo(), publications, inPieces));
        upTo = window.upTo();
        stretched = window.stretched();
        gives = false;
        open = true;
        fetchRows = FETCH_ROWS_FIRST;
    }

    /** Whether there is more of the window. */
    boolean isOpen() {
        return open;
    }

    /**
     * Waits for the next message of the window, which stands there until the next call. Null when
     * those fetched at once are exhausted, so that the server holds nothing but the rest until more
     * are asked for.
     */
    @Nullable ChangeRows next() {
        ChangeRows from = rows;
        if (from == null) {
            from = ChangeRows.start(session, SlotWindowStatements.fetch(fetchRows));
            rows = from;
            fetchedBytes = 0;
        }
        if (!from.next()) {
            rows = null;
            fetched(from.rows());
            return null;
        }
        byte letter = from.buffer()[from.from()];
        gives |= letter == COMMIT || letter == COMMIT_OF_PIECES;
        fetchedBytes += from.length();
        return from;
    }

    /** The next fetch is of as many rows as make its bytes, if they are like these. */
    private void fetched(int count) {
        if (count < fetchRows) {
            session.execute(SlotWindowStatements.closeWindow());
            open = false;
            given = gives ? upTo : given;
            stretchedInVain = !gives && (stretched || stretchedInVain);
        } else {
            long like = FETCH_BYTES * count / Math.max(fetchedBytes, 1);
            fetchRows = (int) Math.clamp(like, 1, Math.min(2L * fetchRows, FETCH_ROWS_MAX));
        }
    }

    /** Whether the session is free for something else than {@link #next}. */
    boolean isFree() {
        return rows == null;
    }

    /**
     * Lets the source forget its log.
     *
     * @param durable not before what the slot knows
     */
    void forget(Lsn durable) {
        session.queryRow(SlotWindowStatements.advance(slot, durable));
    }

    private static Lsn lsn(@Nullable String text) {
        if (text == null) {
            throw new WarpException(ErrorCode.STATE, "a slot has no position").at(Side.SOURCE);
        }
        return Lsn.parse(text);
    }

    /** Cuts the connection; a thread that waits in it fails. From any thread. */
    void abort() {
        session.abort();
    }

    @Override
    public void close() {
        session.close();
    }
}
