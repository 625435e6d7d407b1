package warp.preflight;

import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import warp.config.ConnectionSettings;
import warp.model.Cloud;
import warp.model.ServerVersion;
import warp.model.Side;
import warp.postgres.CatalogQuery;
import warp.postgres.CloudCatalog;
import warp.postgres.Row;
import warp.postgres.Session;
import warp.sql.Remedies;

/**
 * One side: its session, what its server is like, and what the role may do there.
 *
 * @param cloud the managed service that runs it, null for a server of one's own
 */
record ServerFacts(
        Session session, ConnectionSettings settings, Row server, Row role, @Nullable Cloud cloud) {

    private static final CatalogQuery SERVER = CatalogQuery.of(ServerFacts.class, "server");
    private static final CatalogQuery ROLE = CatalogQuery.of(ServerFacts.class, "role");

    static ServerFacts read(Session session, ConnectionSettings settings) {
        List<List<Row>> answers =
                session.answers(
                        SERVER.question(session),
                        ROLE.question(session),
                        CloudCatalog.question(session));
        return new ServerFacts(
                session,
                settings,
                answers.get(0).getFirst(),
                answers.get(1).getFirst(),
                CloudCatalog.of(answers.get(2).getFirst()).orElse(null));
    }

    /** What can be done about this server, in its own words. */
    Remedies remedies() {
        return Remedies.of(Optional.ofNullable(cloud));
    }

    Side side() {
        return session.side();
    }

    ServerVersion version() {
        return session.version();
    }

    String roleName() {
        return role.text("role");
    }

    String encoding() {
        return server.text("encoding");
    }

    /** Sessions that the role may still open. */
    int connectionsFree() {
        int reserved = role.flag("superuser") ? 0 : server.integer("connections_reserved");
        return server.integer("connections_max") - reserved - server.integer("connections_used");
    }
}
