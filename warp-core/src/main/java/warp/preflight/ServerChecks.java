package warp.preflight;

import java.util.List;
import warp.config.Jobs;
import warp.config.MigrationSettings;
import warp.model.ServerVersion;
import warp.model.Side;

/** Checks that compare the two servers: versions, encodings, room for Warp's sessions. */
final class ServerChecks {

    private static final String UTF8 = "UTF8";
    private static final String NO_ENCODING = "SQL_ASCII";

    private static final int SESSIONS_BESIDE = 3;

    /** At the source there is one more, which watches it. */
    private static final int SESSIONS_WATCHING = 1;

    private final ServerFacts source;
    private final ServerFacts destination;
    private final MigrationSettings settings;
    private final Findings findings;

    ServerChecks(
            ServerFacts source,
            ServerFacts destination,
            MigrationSettings settings,
            Findings findings) {
        this.source = source;
        this.destination = destination;
        this.settings = settings;
        this.findings = findings;
    }

    void run() {
        noteServices();
        checkSameDatabase();
        checkVersions();
        checkEncodings();
        checkDestinationWritable();
        checkConnections(source);
        checkConnections(destination);
    }

    private void noteServices() {
        for (ServerFacts side : List.of(source, destination)) {
            if (side.cloud() != null) {
                findings.note(
                        side.side(),
                        "this is " + side.cloud().title(),
                        "what its roles need: docs/clouds.md");
            }
        }
    }

    private void checkSameDatabase() {
        if (source.server().text("postmaster").equals(destination.server().text("postmaster"))
                && source.server().number("database_oid")
                        == destination.server().number("database_oid")) {
            findings.error(
                    "source and destination are the same database: "
                            + source.settings().display()
                            + " and "
                            + destination.settings().display(),
                    "give another host, port or database as --destination");
        }
    }

    private void checkVersions() {
        ServerVersion from = source.version();
        ServerVersion to = destination.version();
        if (!from.atLeast(9, 4)) {
            findings.error(
                    Side.SOURCE,
                    "PostgreSQL " + from + " has no logical decoding; Warp needs 9.4 or later",
                    "upgrade the source to 9.4 or later with pg_upgrade, or move it with pg_dump");
        }
        if (!to.atLeast(9, 5)) {
            findings.error(
                    Side.DESTINATION,
                    "PostgreSQL " + to + " is too old for a destination; Warp needs 9.5 or later",
                    "choose a destination that is not older than the source");
        } else if (!to.major().equals(from.major()) && to.compareTo(from) < 0) {
            findings.warning(
                    Side.DESTINATION,
                    "PostgreSQL " + to + " is older than the source's " + from,
                    "check that applications need nothing that came after " + to.major());
        }
    }

    private void checkEncodings() {
        String from = source.encoding();
        String to = destination.encoding();
        if (!source.version().atLeast(10) && !from.equals(UTF8)) {
            findings.error(
                    Side.SOURCE,
                    "the source's encoding is "
                            + from
                            + ", and before version 10 changes are sent without conversion",
                    "move it with pg_dump, or into a database with ENCODING 'UTF8' on the old"
                            + " server first");
            return;
        }
        if (from.equals(to)) {
            return;
        }
        String differ = "the source's encoding is " + from + ", the destination's is " + to;
        if (from.equals(NO_ENCODING)) {
            findings.warning(
                    differ
                            + ": SQL_ASCII holds any bytes, and those that are not "
                            + to
                            + " will be refused",
                    "create the destination database with ENCODING 'SQL_ASCII' TEMPLATE template0,"
                            + " or correct the texts first");
        } else if (to.equals(NO_ENCODING)) {
            findings.warning(
                    differ + ": texts arrive as UTF-8 bytes that nothing checks any more",
                    "create the destination database with ENCODING 'UTF8' TEMPLATE template0");
        } else if (to.equals(UTF8)) {
            findings.note(Side.DESTINATION, differ + ": texts are converted");
        } else {
            findings.warning(
                    differ + ": a character that " + to + " does not have will stop the migration",
                    "create the destination database with ENCODING 'UTF8' TEMPLATE template0");
        }
    }

    private void checkDestinationWritable() {
        if (destination.server().flag("in_recovery")) {
            findings.error(
                    Side.DESTINATION,
                    "the server is a standby, which takes no writes",
                    "connect to the primary, or promote this one: pg_ctl promote",
                    "with several hosts in the URL add target_session_attrs=read-write");
        }
        // default_transaction_read_only is no obstacle: it keeps applications out, Warp's sessions
        // turn it off.
    }

    private void checkConnections(ServerFacts side) {
        int beside =
                SESSIONS_BESIDE
                        + switch (side.side()) {
                            case SOURCE -> SESSIONS_WATCHING;
                            case DESTINATION -> 0;
                        };
        int needed = settings.options().jobsAsked().orElse(Jobs.USUAL) + beside;
        int free = side.connectionsFree();
        if (free >= needed) {
            return;
        }
        String message =
                "%d of %d connections are free for role \"%s\", Warp uses up to %d"
                        .formatted(
                                Math.max(free, 0),
                                side.server().integer("connections_max"),
                                side.roleName(),
                                needed);
        String end = "end sessions that are not needed, or give fewer --parallel-dump";
        String raise =
                side.remedies()
                        .setting(
                                "max_connections",
                                side.server().integer("connections_max") + needed - free);
        if (free < beside) {
            findings.error(side.side(), message, end, raise);
        } else {
            findings.warning(side.side(), message, end, raise);
        }
    }
}
