package warp.copy;

import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import warp.error.ErrorCode;
import warp.error.WarpException;
import warp.model.TableName;
import warp.postgres.Question;
import warp.postgres.Row;
import warp.postgres.Session;
import warp.progress.EventLog;
import warp.sql.CopyStatements;

/**
 * What must be known of the servers before a copy begins.
 *
 * @param sameBinary whether the binary form of times is the same at both sides
 * @param replicaRole whether triggers and foreign keys can be kept from firing
 * @param truncatable tables of the destination that can be truncated alone
 * @param done chunks that are copied already
 */
record CopyFacts(
        boolean sameBinary, boolean replicaRole, Set<TableName> truncatable, Set<ChunkId> done) {

    /** A chunk by name. */
    record ChunkId(TableName table, int number) {}

    /**
     * Asks.
     *
     * @param source null where nothing is to be read from it
     */
    static CopyFacts read(
            CopyRequest request, @Nullable Session source, Session destination, EventLog log) {
        boolean replicaRole = request.replicaRole() && hasReplicaRole(destination, request, log);
        List<List<Row>> answers =
                destination.answers(
                        Question.of(CopyStatements.truncatable()),
                        Question.of(CopyStatements.marks(), request.slot()));
        return new CopyFacts(
                source != null && hasSameTimes(source, destination),
                replicaRole,
                truncatable(answers.get(0)),
                done(answers.get(1)));
    }

    /** Servers before 10 could be built with other ones; each tells at the login. */
    private static boolean hasSameTimes(Session source, Session destination) {
        Optional<String> form = source.reported("integer_datetimes");
        return form.isPresent() && form.equals(destination.reported("integer_datetimes"));
    }

    private static boolean hasReplicaRole(Session session, CopyRequest request, EventLog log) {
        try {
            session.run(CopyStatements.trySetReplicaRole());
            return true;
        } catch (WarpException problem) {
            if (problem.code() != ErrorCode.PRIVILEGE) {
                throw problem;
            }
            log.warn(
                    "The role may not set session_replication_role at the destination: triggers"
                            + " and foreign keys there see every row that is copied",
                    List.of(
                            CopyStatements.grantReplicaRole(
                                    request.destination().settings().user())));
            return false;
        }
    }

    private static Set<TableName> truncatable(List<Row> tables) {
        return tables.stream().map(CopyFacts::name).collect(Collectors.toSet());
    }

    private static Set<ChunkId> done(List<Row> marks) {
        return marks.stream()
                .map(row -> new ChunkId(name(row), row.integer("number")))
                .collect(Collectors.toSet());
    }

    private static TableName name(Row row) {
        return new TableName(row.text("schema_name"), row.text("table_name"));
    }
}
