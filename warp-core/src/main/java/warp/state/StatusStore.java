package warp.state;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import warp.model.Lsn;
import warp.model.Phase;
import warp.model.TableName;
import warp.model.status.MigrationState;
import warp.model.status.MigrationState.Applied;
import warp.model.status.MigrationState.Begun;
import warp.model.status.MigrationState.Copied;
import warp.model.status.MigrationState.Held;
import warp.model.status.MigrationState.Moment;
import warp.model.status.MigrationState.Owed;
import warp.model.status.MigrationState.Refused;
import warp.model.status.MigrationState.Spool;
import warp.model.status.MigrationState.Unfinished;
import warp.model.status.MigrationState.Worker;
import warp.postgres.CatalogQuery;
import warp.postgres.Row;
import warp.postgres.Session;

/**
 * What stands in the schema {@code warp} about one migration, for people: read only, with few
 * statements. For the session's thread.
 */
public final class StatusStore {

    private static final CatalogQuery STATUS =
            CatalogQuery.of(StatusStore.class, "migration_status");

    private static final int UNFINISHED_SHOWN = 5;

    private final Session destination;
    private final String slot;

    public StatusStore(Session destination, String slot) {
        this.destination = destination;
        this.slot = slot;
    }

    /**
     * What was found.
     *
     * @param state empty where no such migration is known
     * @param others the slots of others
     */
    public record Found(Optional<MigrationState> state, List<String> others) {
        public Found {
            others = List.copyOf(others);
        }
    }

    /**
     * Reads it.
     *
     * @param lockClass the migration's advisory lock
     * @param lockObject its second key, unsigned
     * @throws warp.error.WarpException STATE where the schema is somebody else's
     */
    public Found read(long lockClass, long lockObject) {
        if (!new MigrationStore(destination, slot).isInstalled()) {
            return new Found(Optional.empty(), List.of());
        }
        Row row = STATUS.onlyRow(destination, slot, lockClass, lockObject);
        return new Found(
                row.flag("known") ? Optional.of(state(row)) : Optional.empty(),
                row.texts("others"));
    }

    private MigrationState state(Row row) {
        return new MigrationState(
                Phase.valueOf(row.text("phase")),
                new Begun(
                        row.text("source_address"),
                        row.text("source_database"),
                        row.text("plugin"),
                        row.text("warp_version"),
                        moment(row, "started_at", "started_ago")),
                moment(row, "phase_since", "phase_ago"),
                row.optionalText("worker")
                        .map(_ ->
                                new Worker(
                                        row.text("worker_address"),
                                        moment(row, "worker_since", "worker_ago"))),
                copied(row),
                row.optionalText("lsn")
                        .map(lsn ->
                                new Applied(
                                        Lsn.parse(lsn),
                                        moment(row, "moved_at", "moved_ago"),
                                        row.number("transactions"))),
                row.number("held") == 0 ? List.of() : held(),
                row.number("owed") == 0 ? List.of() : owed(),
                row.number("owed") + row.number("refused") == 0 ? List.of() : refused(),
                row.integer("identities"),
                row.optionalText("spool_host")
                        .map(host -> new Spool(host, row.text("spool_folder"))));
    }

    private static Moment moment(Row row, String time, String ago) {
        return new Moment(row.text(time), Math.max(row.number(ago), 0));
    }

    private Copied copied(Row row) {
        boolean whole = row.number("tables") == row.number("copied");
        return new Copied(
                row.number("tables"),
                row.number("copied"),
                row.number("suspect"),
                row.number("chunks"),
                row.number("chunks_copied"),
                row.number("rows"),
                row.number("bytes"),
                whole ? 0 : row.number("bytes_left"),
                whole ? List.of() : unfinished());
    }

    private List<Unfinished> unfinished() {
        return destination
                .query(
                        "SELECT r.schema_name, r.table_name, r.chunks, (SELECT count(*) FROM"
                                + " warp.chunk c WHERE c.slot = r.slot AND c.schema_name ="
                                + " r.schema_name AND c.table_name = r.table_name) AS copied FROM"
                                + " warp.relation r WHERE r.slot = ? AND r.state NOT IN ('COPIED',"
                                + " 'READY') ORDER BY r.chunks DESC, 1, 2 LIMIT ?",
                        slot,
                        UNFINISHED_SHOWN)
                .stream()
                .map(row ->
                        new Unfinished(
                                new TableName(row.text("schema_name"), row.text("table_name")),
                                row.number("chunks"),
                                row.number("copied")))
                .toList();
    }

    private List<Held> held() {
        return new HoldStore(destination, slot)
                .standing().stream()
                        .map(each ->
                                new Held(
                                        each.hold().table(),
                                        each.hold().reason(),
                                        each.since(),
                                        each.changes(),
                                        each.hold().statements(),
                                        !each.copiedAt().isNone()
                                                || (each.hold().needsCopy()
                                                        && each.hold().statements().isEmpty())))
                        .toList();
    }

    private List<Owed> owed() {
        Map<String, Integer> counts = new LinkedHashMap<>();
        new RemovedStore(destination, slot)
                .all()
                .forEach(removed -> counts.merge(removed.kind().toString(), 1, Integer::sum));
        return counts.entrySet().stream()
                .map(entry -> new Owed(entry.getKey(), entry.getValue()))
                .toList();
    }

    private List<Refused> refused() {
        List<Failure> failures = new ArrayList<>(new RemovedStore(destination, slot).refused());
        failures.addAll(new FailureStore(destination, slot).all());
        return failures.stream()
                .map(each ->
                        new Refused(
                                each.object(), each.statement(), each.sqlState(), each.message()))
                .toList();
    }
}
