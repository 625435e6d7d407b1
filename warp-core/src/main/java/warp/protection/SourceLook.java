package warp.protection;

import java.util.Optional;
import warp.config.SlotNames;
import warp.model.Lsn;
import warp.postgres.CatalogQuery;
import warp.postgres.Row;
import warp.postgres.Session;

/** Looks at the source: one cheap query, for any role. */
public final class SourceLook {

    private static final CatalogQuery STATE = CatalogQuery.of(SourceLook.class, "source_state");

    private SourceLook() {}

    /**
     * Looks.
     *
     * @param applicationName of the sessions whose snapshots count
     */
    public static SourceState read(Session source, String applicationName, String slot) {
        Row row = STATE.onlyRow(source, applicationName, slot, SlotNames.bulk(slot));
        return new SourceState(
                row.lsn("position"),
                row.flag("slot_there") ? Optional.of(slot(row)) : Optional.empty(),
                positive(row, "keep_bytes"),
                row.number("snapshot_age"),
                row.number("freeze_max_age"),
                new SourceState.Room(
                        row.integer("connections_max"), row.integer("connections_used")),
                new SourceState.Room(row.integer("senders_max"), row.integer("senders_used")));
    }

    private static SlotState slot(Row row) {
        return new SlotState(
                lsn(row, "restart"),
                lsn(row, "confirmed"),
                row.flag("active"),
                WalStatus.of(row.optionalText("wal_status")),
                row.optionalText("safe_bytes").map(Long::valueOf),
                row.number("catalog_age"),
                row.optionalText("invalidation"));
    }

    private static Lsn lsn(Row row, String column) {
        return row.optionalText(column).map(Lsn::parse).orElse(Lsn.NONE);
    }

    private static Optional<Long> positive(Row row, String column) {
        return row.optionalText(column).map(Long::valueOf).filter(number -> number > 0);
    }
}
