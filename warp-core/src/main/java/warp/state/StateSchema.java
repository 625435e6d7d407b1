package warp.state;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import warp.error.ErrorCode;
import warp.error.WarpException;
import warp.model.TableName;
import warp.postgres.CatalogQuery;
import warp.postgres.Question;
import warp.postgres.Row;
import warp.postgres.Session;
import warp.sql.PrivilegeStatements;

/**
 * Makes the schema {@code warp}, and sees to it that nobody else reads or writes it. For the
 * session's thread.
 *
 * <p>It holds rows of held tables, and statements that Warp runs with all rights of its role. So
 * two things hold: what is made here is closed to everybody but its owner by the very transaction
 * that makes it, whatever {@code ALTER DEFAULT PRIVILEGES} says (what the owner grants afterwards
 * is left alone); and a schema of that name which belongs to somebody whom Warp's role need not
 * obey is neither used nor filled: its owner could put a statement or a trigger there that a
 * superuser's Warp would run.
 */
final class StateSchema {

    /** The advisory lock of making it; a slot's own lock has the hash of its name instead of 0. */
    private static final String ONE_AT_A_TIME =
            "SELECT FROM pg_catalog.pg_advisory_xact_lock(1463898704, 0)";

    private static final CatalogQuery OWNERS = CatalogQuery.of(StateSchema.class, "owners");
    private static final CatalogQuery GRANTS = CatalogQuery.of(StateSchema.class, "grants");
    private static final String NAME = "warp";
    private static final Pattern TABLE =
            Pattern.compile("CREATE TABLE IF NOT EXISTS (warp\\.[a-z_]+)");

    private final Session destination;

    StateSchema(Session destination) {
        this.destination = destination;
    }

    /**
     * Makes schema and tables where they are missing.
     *
     * @throws WarpException STATE where the schema is somebody else's
     */
    void install() {
        String text = text();
        destination.transaction(() -> {
            // The second sees what was committed before the first had the lock.
            List<Row> owners =
                    destination
                            .answers(Question.of(ONE_AT_A_TIME), OWNERS.question(destination))
                            .getLast();
            Set<String> before = new HashSet<>();
            requireOwn(owners).forEach(row -> before.add(row.text("object_name")));
            destination.run(text);
            GRANTS.rows(destination).stream()
                    .filter(row -> !before.contains(row.text("object_name")))
                    .forEach(this::revoke);
        });
        TABLE.matcher(text).results().forEach(it -> destination.noteLasting(it.group(1)));
    }

    private void revoke(Row grant) {
        String role = grant.optionalText("role_name").orElse("");
        String object = grant.text("object_name");
        destination.run(
                object.isEmpty()
                        ? PrivilegeStatements.revokeOnSchema(NAME, role)
                        : PrivilegeStatements.revokeOnTable(new TableName(NAME, object), role));
    }

    /**
     * Does nothing where there is no such schema.
     *
     * @return who owns what of it
     * @throws WarpException STATE where it, or something in it, is somebody else's
     */
    List<Row> requireOwn() {
        return requireOwn(OWNERS.rows(destination));
    }

    private List<Row> requireOwn(List<Row> all) {
        List<Row> foreign = all.stream().filter(row -> !row.flag("trusted")).toList();
        if (foreign.isEmpty()) {
            return all;
        }
        String owners =
                foreign.stream()
                        .map(row -> "\"" + row.text("owner_name") + "\"")
                        .distinct()
                        .collect(Collectors.joining(", "));
        throw new WarpException(
                        ErrorCode.STATE,
                        "schema warp, or a table in it, belongs to role %s: Warp runs statements that stand there, and does not run those of others"
                                .formatted(owners))
                .at(destination.side())
                .hint("If a Warp that logged in as that role made it: log in as that role again.")
                .hint("Else look what it is, and let its owner drop it: DROP SCHEMA warp CASCADE;");
    }

    private static String text() {
        try (InputStream text = StateSchema.class.getResourceAsStream("schema.sql")) {
            if (text == null) {
                throw new IllegalStateException("schema.sql is not on the class path");
            }
            return new String(text.readAllBytes(), StandardCharsets.UTF_8);
        } catch (IOException problem) {
            throw new UncheckedIOException(problem);
        }
    }
}
