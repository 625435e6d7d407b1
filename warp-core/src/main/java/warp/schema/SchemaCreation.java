package warp.schema;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import warp.error.ErrorCode;
import warp.error.WarpException;
import warp.model.Side;
import warp.postgres.SchemaDump;
import warp.postgres.wire.WireSession;

/**
 * Makes the objects of a dump at the destination, one after the other. One that fails does not keep
 * the rest from being made. For one thread.
 */
public final class SchemaCreation {

    private static final String UNKNOWN_SETTING = "42704";
    private static final String NO_SUCH_VALUE = "22023";
    private static final String SCHEMA_EXISTS = "42P06";
    private static final int STATEMENT_CHARACTERS_MAX = 2000;

    private final WireSession destination;
    private final List<Failure> failures = new ArrayList<>();
    private int made;

    /**
     * @param destination for this alone: the dump's settings stay in force
     */
    public SchemaCreation(WireSession destination) {
        this.destination = destination;
    }

    /**
     * A statement that the destination refused.
     *
     * @param object {@code TABLE shop.orders}
     * @param statement cut where it is very long
     */
    public record Failure(String object, String statement, WarpException problem) {

        /** The line for people; the statement is apart. */
        public String describe() {
            return object + " could not be made: " + problem.summary();
        }
    }

    /** How many objects of the dump were made or changed. */
    public int made() {
        return made;
    }

    /** What failed, in order. */
    public List<Failure> failures() {
        return List.copyOf(failures);
    }

    /**
     * Makes everything in the dump but event triggers.
     *
     * @throws WarpException where the connection is lost, or the text breaks off; why pg_dump ended
     *     early, {@link SchemaDump#finish} tells
     */
    public void run(SchemaDump dump) {
        DumpReader entries = new DumpReader(dump.text());
        // What is lost with a crash of the server is made again by the next run.
        destination.execute("SET synchronous_commit = off");
        try {
            while (true) {
                var entry = entries.next();
                if (entry.isEmpty()) {
                    return;
                }
                make(entry.get());
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

    private void make(DumpEntry entry) {
        boolean wanted = !isEventTrigger(entry);
        boolean failed = false;
        for (String statement : entry.statements()) {
            if (isSetting(statement)) {
                set(entry, statement);
            } else if (wanted && !failed) {
                failed = !execute(entry, statement);
            }
        }
        made += wanted && !failed && !entry.type().isEmpty() ? 1 : 0;
    }

    /** Event triggers act on DDL of the whole database: Warp's own among it. */
    private static boolean isEventTrigger(DumpEntry entry) {
        return entry.type().equals("EVENT TRIGGER") || entry.name().startsWith("EVENT TRIGGER ");
    }

    /** pg_dump sets things between objects for all that follow. */
    private static boolean isSetting(String statement) {
        String lower = statement.toLowerCase(Locale.ROOT);
        return (lower.startsWith("set ") && !lower.startsWith("set session authorization"))
                || lower.startsWith("reset ")
                || lower.startsWith("select pg_catalog.set_config(");
    }

    /**
     * Settings of newer servers are as good as set where nobody knows them; a value that this
     * server does not have, such as a table access method, is worth a word.
     */
    private void set(DumpEntry entry, String statement) {
        try {
            destination.execute(statement);
        } catch (WarpException refused) {
            if (refused.hasSqlState(NO_SUCH_VALUE)) {
                failures.add(new Failure("setting after " + entry.label(), statement, refused));
            } else if (!refused.hasSqlState(UNKNOWN_SETTING)) {
                throw refused;
            }
        }
    }

    private boolean execute(DumpEntry entry, String statement) {
        try {
            destination.execute(statement);
            return true;
        } catch (WarpException refused) {
            if (isFatal(refused)) {
                throw refused;
            }
            if (!isHarmless(entry, refused)) {
                String shown =
                        statement.length() <= STATEMENT_CHARACTERS_MAX
                                ? statement
                                : statement.substring(0, STATEMENT_CHARACTERS_MAX) + "…";
                failures.add(new Failure(entry.label(), shown, refused));
            }
            return false;
        }
    }

    private static boolean isFatal(WarpException refused) {
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
