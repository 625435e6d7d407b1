package warp.sql;

import java.util.List;
import java.util.stream.Collectors;
import warp.model.Lsn;

/**
 * The commands that a walsender understands, which has a grammar of its own ("Streaming Replication
 * Protocol" in the manual).
 */
public final class ReplicationStatements {

    /** The protocol of {@code pgoutput} that is spoken. */
    static final String PROTOCOL = "1";

    private ReplicationStatements() {}

    /** Streams a slot of {@code pgoutput}, for what the publications publish. */
    public static String startPgOutput(String slot, Lsn from, List<String> publications) {
        return start(slot, from)
                + " (proto_version "
                + Identifiers.literal(PROTOCOL)
                + ", publication_names "
                + Identifiers.literal(names(publications))
                + ")";
    }

    /** As the option {@code publication_names} has them. */
    static String names(List<String> publications) {
        return publications.stream().map(Identifiers::quote).collect(Collectors.joining(","));
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
