package warp.migration;

import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;
import warp.config.MigrationSettings;
import warp.ddl.SourceTable;
import warp.ddl.SourceTables;
import warp.error.WarpException;
import warp.model.KnownTable;
import warp.model.Lsn;
import warp.model.TableName;
import warp.plan.TablePatterns;
import warp.postgres.Session;
import warp.postgres.SourceCatalog;
import warp.progress.EventLog;
import warp.sql.DefinitionQueries;

/**
 * Looks at both catalogs every few seconds while changes are replicated: for what sends no message
 * (a new table or partition, a column that nobody has written yet), and for whatever may let a held
 * table go on. It only finds: what there is to do is done between two attempts, by {@link Mending}.
 *
 * <p>A server that does not answer is the replication's matter; here it is tried again.
 */
final class DefinitionWatch implements AutoCloseable {

    private static final Duration EVERY = Duration.ofSeconds(3);

    /** A held table is tried again once in this time, whatever the catalogs say. */
    private static final long TRY_AGAIN_NANOS = Duration.ofMinutes(1).toNanos();

    /** A look may take this share of the time. */
    private static final int PAUSE_TO_LOOK = 20;

    private final LentSession source;
    private final LentSession destination;
    private final MigrationSettings settings;
    private final Map<TableName, KnownTable> known;
    private final Set<TableName> members;
    private final Set<TableName> held;
    private final Set<TableName> waiting;
    private final Set<String> said;
    private final EventLog log;
    private final ReentrantLock looking = new ReentrantLock();
    private final long startedAt = System.nanoTime();
    private String fingerprint = "";
    private @Nullable String heldFingerprint;
    private long pauseUntil = System.nanoTime();
    private volatile DefinitionChange found = DefinitionChange.NONE;
    private volatile boolean heldMoved;
    private boolean looked;

    /**
     * @param source closed with it
     * @param destination closed with it
     * @param held tables that are held
     * @param waiting those of them that are not just being copied
     * @param said what has been said already; grows
     */
    DefinitionWatch(
            LentSession source,
            LentSession destination,
            MigrationSettings settings,
            Map<TableName, KnownTable> known,
            Set<TableName> members,
            Set<TableName> held,
            Set<TableName> waiting,
            Set<String> said,
            EventLog log) {
        this.source = source;
        this.destination = destination;
        this.settings = settings;
        this.known = known;
        this.members = members;
        this.held = held;
        this.waiting = waiting;
        this.said = said;
        this.log = log;
    }

    /** Looks every few seconds, until closed, on a thread of its own. */
    Ticker start() {
        return new Ticker("definitions", EVERY, this::lookNowAndThen);
    }

    /** What was found; nothing yet, mostly. */
    DefinitionChange found() {
        return found;
    }

    /** Whether there is something to do for which the stream has come far enough. */
    boolean isDue(Lsn applied) {
        return heldMoved || (!found.isNone() && !applied.isBefore(found.at()));
    }

    /** Whether it has looked closely, as is done before the end. */
    boolean hasLooked() {
        return looked;
    }

    private void lookNowAndThen() {
        long start = System.nanoTime();
        if (start < pauseUntil) {
            return;
        }
        look(false);
        pauseUntil = System.nanoTime() + (System.nanoTime() - start) * PAUSE_TO_LOOK;
    }

    /**
     * One look. Never throws.
     *
     * @param closely also where nothing seems to have changed
     */
    void look(boolean closely) {
        looking.lock();
        try {
            looked |= closely;
            lookAtSource(closely);
            lookAtHeld();
        } catch (WarpException problem) {
            log.detail("The catalogs could not be read: " + problem.report());
            closeSessions();
        } finally {
            looking.unlock();
        }
    }

    private void lookAtSource(boolean closely) {
        SourceTables tables = new SourceTables(source.get());
        String now = tables.fingerprint();
        if (now.equals(fingerprint) && !closely) {
            return;
        }
        DefinitionComparison comparison =
                new DefinitionComparison(
                        known,
                        members,
                        held,
                        partitionedThere(destination.get()),
                        TablePatterns.of(settings),
                        settings.options().newTables());
        comparison.compare(tables.all());
        Lsn at = new SourceCatalog(source.get()).currentPosition();
        comparison.notes().stream()
                .filter(note -> said.add(note.line()))
                .forEach(note -> log.warn(note.line(), note.statements()));
        // Each is tried once: what hinders it has been said.
        List<SourceTable> made =
                comparison.made().stream()
                        .filter(table -> found.made().contains(table) || said.add(key(table)))
                        .toList();
        found = new DefinitionChange(at, comparison.holds(), made);
        fingerprint = now;
    }

    private static String key(SourceTable table) {
        return "taken along: " + Integer.toUnsignedString(table.oid());
    }

    private static Set<TableName> partitionedThere(Session destination) {
        Set<TableName> names = new HashSet<>();
        if (destination.version().atLeast(10)) {
            destination
                    .query(DefinitionQueries.PARTITIONED)
                    .forEach(row ->
                            names.add(
                                    new TableName(
                                            row.text("schema_name"), row.text("table_name"))));
        }
        return names;
    }

    /** Whether anything about the held tables has changed, at either side. */
    private void lookAtHeld() {
        if (waiting.isEmpty()) {
            return;
        }
        List<String> names = waiting.stream().map(TableName::name).toList();
        String now =
                destination.get().queryOne(DefinitionQueries.FINGERPRINT, names).text("print")
                        + source.get().queryOne(DefinitionQueries.FINGERPRINT, names).text("print");
        if (heldFingerprint == null) {
            heldFingerprint = now;
        }
        heldMoved |=
                !now.equals(heldFingerprint) || System.nanoTime() - startedAt > TRY_AGAIN_NANOS;
    }

    private void closeSessions() {
        source.close();
        destination.close();
    }

    @Override
    public void close() {
        looking.lock();
        try {
            closeSessions();
        } finally {
            looking.unlock();
        }
    }
}
