package warp.schema;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.Supplier;
import warp.postgres.wire.WireSession;

/**
 * The sessions that make a schema, opened when they are first needed; what pg_dump sets is set in
 * each. For one thread, which gives them to others, but for {@link #abort}, which any may call.
 */
public final class SchemaSessions implements AutoCloseable {

    private final Supplier<WireSession> openFirst;
    private final Supplier<WireSession> open;
    private final int most;
    private final List<WireSession> sessions = new ArrayList<>();

    /** Statements by what they set, in order, and those of each session that lacks them. */
    private final Map<String, String> settings = new LinkedHashMap<>();

    private final List<Map<String, String>> unset = new ArrayList<>();
    private boolean aborted;

    /**
     * @param openFirst opens the one that is needed always to the destination
     * @param open opens any other
     * @param most how many there may be
     */
    public SchemaSessions(Supplier<WireSession> openFirst, Supplier<WireSession> open, int most) {
        this.openFirst = openFirst;
        this.open = open;
        this.most = most;
    }

    int most() {
        return most;
    }

    /** The one that does what is done alone. */
    WireSession first() {
        return get(0);
    }

    /**
     * One of them, with all settings so far.
     *
     * @param index 0 for the {@link #first}, and no gaps
     */
    WireSession get(int index) {
        WireSession session = opened(index);
        if (!unset.get(index).isEmpty()) {
            session.execute(String.join(";\n", unset.get(index).values()));
            unset.get(index).clear();
        }
        return session;
    }

    private WireSession opened(int index) {
        if (index == sessions.size()) {
            WireSession opened = index == 0 ? openFirst.get() : open.get();
            synchronized (this) {
                sessions.add(opened);
                if (aborted) {
                    opened.abort();
                }
            }
            // What is lost with a crash of the server is made again by the next run.
            Map<String, String> missing = new LinkedHashMap<>();
            missing.put("synchronous_commit", "SET synchronous_commit = off");
            missing.putAll(settings);
            unset.add(missing);
        }
        return sessions.get(index);
    }

    /**
     * Sets several things in all of them, for one round trip.
     *
     * @param statements at least one
     * @throws warp.error.WarpException where the server refuses any of it: then it is set in none
     */
    void set(List<String> statements) {
        WireSession session = opened(0);
        List<String> all = new ArrayList<>(unset.getFirst().values());
        all.addAll(statements);
        session.execute(String.join(";\n", all));
        unset.getFirst().clear();
        statements.forEach(this::note);
    }

    /**
     * Sets something in all of them.
     *
     * @throws warp.error.WarpException where the server refuses it: then it is set in none
     */
    void set(String statement) {
        first().execute(statement);
        note(statement);
    }

    private void note(String statement) {
        String what = statement.toLowerCase(Locale.ROOT).split("[=,]| to ", 2)[0].strip();
        settings.remove(what);
        settings.put(what, statement);
        unset.stream()
                .skip(1)
                .forEach(missing -> {
                    missing.remove(what);
                    missing.put(what, statement);
                });
    }

    /** Cuts all connections, for good. */
    public void abort() {
        List<WireSession> open;
        synchronized (this) {
            aborted = true;
            open = List.copyOf(sessions);
        }
        open.forEach(WireSession::abort);
    }

    @Override
    public void close() {
        sessions.forEach(WireSession::close);
    }
}
