package warp.state;

import java.util.List;
import warp.model.DeclaredIdentity;
import warp.model.IdentityChange;
import warp.model.ReplicaIdentity;
import warp.model.TableName;
import warp.postgres.Row;
import warp.postgres.Session;

/**
 * The table {@code warp.identity} for one migration: which replica identities it declares at the
 * source, and what stood there before. Written before the source is altered, so that whatever
 * happens between, {@code --clean} knows what to put back. For the session's thread.
 */
public final class IdentityStore {

    private final Session destination;
    private final String slot;

    public IdentityStore(Session destination, String slot) {
        this.destination = destination;
        this.slot = slot;
    }

    /** Everything that is to be put back; nothing without schema. */
    public List<IdentityChange> all() {
        if (!destination.hasLasting("warp.identity")) {
            return List.of();
        }
        return destination
                .query(
                        "SELECT schema_name, table_name, former, former_index, declared,"
                                + " declared_index FROM warp.identity WHERE slot = ? ORDER BY"
                                + " schema_name, table_name",
                        slot)
                .stream()
                .map(row ->
                        new IdentityChange(
                                new TableName(row.text("schema_name"), row.text("table_name")),
                                identity(row, "former"),
                                identity(row, "declared")))
                .toList();
    }

    private static DeclaredIdentity identity(Row row, String column) {
        return new DeclaredIdentity(
                ReplicaIdentity.of(row.text(column).charAt(0)),
                row.optionalText(column + "_index").orElse(null));
    }

    /**
     * Notes down changes that are about to be made. What was noted of a table before stays: it
     * tells of what stood there before Warp came.
     */
    public void note(List<IdentityChange> changes) {
        destination.transaction(() -> changes.forEach(this::note));
    }

    private void note(IdentityChange change) {
        destination.execute(
                "INSERT INTO warp.identity AS i (slot, schema_name, table_name, former,"
                        + " former_index, declared, declared_index) VALUES (?, ?, ?, ?, ?, ?, ?) ON"
                        + " CONFLICT (slot, schema_name, table_name) DO UPDATE SET declared ="
                        + " excluded.declared, declared_index = excluded.declared_index",
                slot,
                change.table().schema(),
                change.table().name(),
                letter(change.from()),
                change.from().index(),
                letter(change.to()),
                change.to().index());
    }

    private static String letter(DeclaredIdentity identity) {
        return String.valueOf(identity.kind().code());
    }

    /** Takes one off: it has been put back, or is not to be. */
    public void settle(TableName table) {
        destination.execute(
                "DELETE FROM warp.identity WHERE slot = ? AND schema_name = ? AND table_name = ?",
                slot,
                table.schema(),
                table.name());
    }
}
