package warp.sql;

import java.util.List;
import java.util.stream.Collectors;
import warp.model.Lsn;

/**
 * The commands that a walsender understands, which has a grammar of its own ("Streaming Replication
 * Protocol" in the manual).
 */
public final class ReplicationStatements {

    private ReplicationStatements() {}

    /** Streams a slot of {@code pgoutput}, for what the publications publish. */
    public static String startPgOutput(String slot, Lsn from, List<String> publications) {
        String names =
                publications.stream().map(Identifiers::quote).collect(Collectors.joining(","));
        return start(slot, from)
                + " (proto_version '1', publication_names "
                + Identifiers.literal(names)
                + ")";
    }

    /** Streams a slot of {@code test_decoding}: every table of the database. */
    public static String startTestDecoding(String slot, Lsn from) {
        return start(slot, from)
                + " (\"include-xids\" '1', \"include-timestamp\" '1', \"skip-empty-xacts\" '1')";
    }

    private static String start(String slot, Lsn from) {
        return "START_REPLICATION SLOT " + Identifiers.quote(slot) + " LOGICAL " + from;
    }
}
