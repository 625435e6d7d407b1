package warp.schema;

import java.io.IOException;
import java.util.ArrayList;
import java.util.Collections;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.Executor;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.stream.Collectors;
import warp.error.ErrorCode;
import warp.error.FaultPoint;
import warp.error.WarpException;
import warp.model.Side;
import warp.postgres.SchemaDump;
import warp.postgres.wire.WireSession;
import warp.state.Failure;

/**
 * Makes the objects of a dump at the destination. One that fails does not keep the rest from being
 * made. For one thread.
 *
 * <p>Many small statements are sent together and side by side ({@link DumpGroup}), as to wait for
 * each costs more than to execute it. A lane of which one statement fails is undone by the server
 * and made again, entry by entry in pg_dump's order, once all others of its group are there: so
 * what is made, and what is told of what fails, is the same as one by one.
 */
public final class SchemaCreation {

    private static final String UNKNOWN_SETTING = "42704";
    private static final String NO_SUCH_VALUE = "22023";
    private static final String SCHEMA_EXISTS = "42P06";
    private static final String NO_STATE = "XX000";

    private final SchemaSessions sessions;
    private final Set<String> leftOut;
    private final List<Failure> failures = new ArrayList<>();
    private final List<DumpEntry> eventTriggers = new ArrayList<>();
    private int made;

    /**
     * @param sessions for this alone: the dump's settings stay in force
     * @param extensions those that are left out
     */
    public SchemaCreation(SchemaSessions sessions, Set<String> extensions) {
        this.sessions = sessions;
        this.leftOut = Set.copyOf(extensions);
    }

    /** How many objects of the dump were made or changed. */
    public int made() {
        return made;
    }

    /** What failed, in order. */
    public List<Failure> failures() {
        return List.copyOf(failures);
    }

    /** What is left for {@link EventTriggers}: they act on DDL, Warp's own among it. */
    List<DumpEntry> eventTriggers() {
        return List.copyOf(eventTriggers);
    }

    /**
     * Makes everything in the dump but event triggers.
     *
     * @throws WarpException where the connection is lost, or the text breaks off; why pg_dump ended
     *     early, {@link SchemaDump#finish} tells
     */
    public void run(SchemaDump dump) {
        DumpReader entries = new DumpReader(dump.text());
        try (ExecutorService pool = Executors.newCachedThreadPool()) {
            Optional<DumpEntry> entry = next(entries);
            while (entry.isPresent()) {
                DumpGroup group = DumpGroup.of(entry.get());
                entry = next(entries);
                while (entry.isPresent() && group.takes(entry.get(), sessions.most())) {
                    entry = next(entries);
                }
                make(group, pool);
            }
        } catch (IOException problem) {
            throw new WarpException(
                            ErrorCode.STATEMENT,
                            "the text of pg_dump cannot be read: " + problem.getMessage(),
                            problem)
                    .at(Side.SOURCE)
                    .hint("A database in encoding SQL_ASCII may hold names that are not UTF-8.");
        }
    }

    private Optional<DumpEntry> next(DumpReader entries) throws IOException {
        Optional<DumpEntry> entry = entries.next();
        while (entry.isPresent() && isLeftOut(entry.get())) {
            entry = entries.next();
        }
        return entry;
    }

    private void make(DumpGroup group, Executor pool) {
        if (group.isOneEntry()) {
            group.entries().forEach(this::makeAlone);
            return;
        }
        List<List<DumpEntry>> lanes = group.lanes(sessions.most());
        List<CompletableFuture<Boolean>> ends = new ArrayList<>();
        for (int i = 0; i < lanes.size(); i++) {
            List<DumpEntry> lane = lanes.get(i);
            WireSession session = sessions.get(i);
            ends.add(CompletableFuture.supplyAsync(() -> isMade(lane, session), pool));
        }
        awaitAll(ends);
        Set<DumpEntry> undone = Collections.newSetFromMap(new IdentityHashMap<>());
        for (int i = 0; i < lanes.size(); i++) {
            if (ends.get(i).join()) {
                made += lanes.get(i).size();
            } else {
                undone.addAll(lanes.get(i));
            }
        }
        group.entries().stream().filter(undone::contains).forEach(this::makeAlone);
    }

    /** The sessions are free when it returns or throws. */
    private static void awaitAll(List<CompletableFuture<Boolean>> ends) {
        try {
            CompletableFuture.allOf(ends.toArray(CompletableFuture[]::new)).join();
        } catch (CompletionException failed) {
            switch (failed.getCause()) {
                case RuntimeException problem -> throw problem;
                case Error defect -> throw defect;
                case null, default -> throw failed;
            }
        }
    }

    /** Sends entries in one message, which is one transaction. */
    private static boolean isMade(List<DumpEntry> lane, WireSession session) {
        FaultPoint.OBJECT_MADE.before();
        try {
            session.execute(
                    lane.stream()
                            .flatMap(entry -> entry.statements().stream())
                            // On a line of its own: a statement may end with a comment.
                            .collect(Collectors.joining("\n;\n")));
        } catch (WarpException refused) {
            if (isOfTheServer(refused)) {
                throw refused;
            }
            return false;
        }
        FaultPoint.OBJECT_MADE.after();
        return true;
    }

    /** Passing trouble may come of the lanes beside: the entries show whether it stays. */
    private static boolean isOfTheServer(WarpException refused) {
        return isFatal(refused) && refused.code() != ErrorCode.TRANSIENT;
    }

    private void makeAlone(DumpEntry entry) {
        FaultPoint.OBJECT_MADE.before();
        make(entry);
        FaultPoint.OBJECT_MADE.after();
    }

    private void make(DumpEntry entry) {
        List<String> statements = entry.statements();
        boolean later = isEventTrigger(entry);
        boolean failed = false;
        int i = 0;
        while (i < statements.size()) {
            List<String> settings =
                    statements.stream().skip(i).takeWhile(SchemaCreation::isSetting).toList();
            if (!settings.isEmpty()) {
                set(entry, settings);
                i += settings.size();
            } else {
                failed = failed || (!later && !execute(entry, i));
                i++;
            }
        }
        if (later) {
            eventTriggers.add(entry);
        }
        made += !later && !failed && !entry.type().isEmpty() ? 1 : 0;
    }

    private boolean isLeftOut(DumpEntry entry) {
        String name = entry.name().replaceFirst("^EXTENSION ", "").replace("\"", "");
        return (entry.type().equals("EXTENSION") || entry.name().startsWith("EXTENSION "))
                && leftOut.contains(name);
    }

    private static boolean isEventTrigger(DumpEntry entry) {
        return entry.type().equals("EVENT TRIGGER") || entry.name().startsWith("EVENT TRIGGER ");
    }

    /** pg_dump sets things between objects for all that follow. */
    static boolean isSetting(String statement) {
        String lower = statement.toLowerCase(Locale.ROOT);
        return (lower.startsWith("set ") && !lower.startsWith("set session authorization"))
                || lower.startsWith("reset ")
                || lower.startsWith("select pg_catalog.set_config(");
    }

    private void set(DumpEntry entry, List<String> settings) {
        try {
            sessions.set(settings);
        } catch (WarpException refused) {
            settings.forEach(setting -> set(entry, setting));
        }
    }

    /**
     * Settings of newer servers are as good as set where nobody knows them; a value that this
     * server does not have, such as a table access method, is worth a word.
     */
    private void set(DumpEntry entry, String statement) {
        try {
            sessions.set(statement);
        } catch (WarpException refused) {
            if (refused.hasSqlState(NO_SUCH_VALUE)) {
                fail("setting after " + entry.label(), List.of(statement), refused);
            } else if (!refused.hasSqlState(UNKNOWN_SETTING)) {
                throw refused;
            }
        }
    }

    /** Runs a statement of an entry; where it is refused, all from there on is missing. */
    private boolean execute(DumpEntry entry, int index) {
        String statement = entry.statements().get(index);
        try {
            if (entry.logsInElsewhere() && statement.contains(" OPTIONS (")) {
                sessions.first().executeConcealed(statement);
            } else {
                sessions.first().execute(statement);
            }
            return true;
        } catch (WarpException refused) {
            if (isFatal(refused)) {
                throw refused;
            }
            if (!isHarmless(entry, refused)) {
                fail(entry.label(), from(entry.statements(), index), refused);
            }
            return false;
        }
    }

    /**
     * What is left of an entry, with the change of role that it is under. Settings are not of the
     * entry but for the end of that change, without which the next statement would be under it too.
     */
    static List<String> from(List<String> statements, int index) {
        List<String> rest = new ArrayList<>();
        for (int i = 0; i < statements.size(); i++) {
            String statement = statements.get(i);
            String lower = statement.toLowerCase(Locale.ROOT);
            if (i < index && lower.startsWith("set session authorization")) {
                rest.clear();
                rest.add(statement);
            } else if (i < index && lower.startsWith("reset session authorization")) {
                rest.clear();
            } else if (i >= index
                    && (!isSetting(statement) || lower.startsWith("reset session authorization"))) {
                rest.add(statement);
            }
        }
        return rest;
    }

    private void fail(String object, List<String> statements, WarpException refused) {
        failures.add(failure(failures.size() + 1, object, statements, refused));
    }

    static Failure failure(
            int number, String object, List<String> statements, WarpException refused) {
        return new Failure(
                number,
                object,
                statements,
                refused.sqlState().orElse(NO_STATE),
                String.valueOf(refused.getMessage()));
    }

    /** Whether it is not about the object: the same would befall the next one. */
    static boolean isFatal(WarpException refused) {
        return refused.code().retry() == ErrorCode.Retry.LATER
                || refused.code() == ErrorCode.OUT_OF_SPACE
                || refused.code() == ErrorCode.INTERRUPTED;
    }

    /**
     * A schema may be there, public above all; and only its owner may comment on an extension,
     * whose own comment is as good.
     */
    private static boolean isHarmless(DumpEntry entry, WarpException refused) {
        return (entry.type().equals("SCHEMA") && refused.hasSqlState(SCHEMA_EXISTS))
                || (entry.name().startsWith("EXTENSION ") && refused.code() == ErrorCode.PRIVILEGE);
    }
}
