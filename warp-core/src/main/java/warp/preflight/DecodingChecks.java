package warp.preflight;

import java.util.List;
import warp.model.Side;
import warp.postgres.CatalogQuery;
import warp.postgres.Row;
import warp.postgres.Session;
import warp.sql.Hints;

/** Checks of what the source needs for logical decoding ("Logical Decoding" in the manual). */
final class DecodingChecks {

    /** A transaction this old is worth a warning: the new slot waits for it. */
    static final int OLD_SECONDS = 10;

    private static final CatalogQuery NAMES = CatalogQuery.of(DecodingChecks.class, "names_in_use");
    private static final CatalogQuery OPEN =
            CatalogQuery.of(DecodingChecks.class, "open_transactions");
    private static final CatalogQuery PREPARED =
            CatalogQuery.of(DecodingChecks.class, "prepared_transactions");

    private final ServerFacts source;
    private final String slot;
    private final boolean resuming;
    private final Findings findings;

    DecodingChecks(ServerFacts source, String slot, boolean resuming, Findings findings) {
        this.source = source;
        this.slot = slot;
        this.resuming = resuming;
        this.findings = findings;
    }

    void run() {
        checkWalLevel();
        checkRecovery();
        checkReplicationPrivilege();
        checkSenders();
        if (!resuming) {
            checkSlots();
            checkNames();
            checkPreparedTransactions();
            checkOpenTransactions(OLD_SECONDS);
        }
        noteWhatIsNotDecoded();
    }

    private Session session() {
        return source.session();
    }

    private void checkWalLevel() {
        String level = source.server().text("wal_level");
        if (!level.equals("logical")) {
            findings.error(
                    Side.SOURCE,
                    "wal_level is " + level + ", so changes cannot be read; it must be logical",
                    source.remedies().setting("wal_level", "logical"));
        }
    }

    private void checkRecovery() {
        if (source.server().flag("in_recovery")) {
            findings.error(
                    Side.SOURCE,
                    source.version().atLeast(16)
                            ? "the server is a standby, where no publication can be made"
                            : "the server is a standby, and before 16 a standby cannot decode"
                                    + " changes",
                    "connect to the primary",
                    "with several hosts in the URL add target_session_attrs=read-write");
        }
    }

    private void checkReplicationPrivilege() {
        if (!source.role().flag("replication")) {
            String role = source.roleName();
            findings.error(
                    Side.SOURCE,
                    "role \"" + role + "\" may not use replication slots",
                    source.remedies().replication(role));
        }
    }

    private void checkSlots() {
        int most = source.server().integer("slots_max");
        int used = source.server().integer("slots_used");
        if (used >= most) {
            findings.error(
                    Side.SOURCE,
                    "no replication slot is free: max_replication_slots is %d and %d are there"
                            .formatted(most, used),
                    source.remedies().setting("max_replication_slots", used + 2),
                    "or drop one that nobody needs: SELECT slot_name, active FROM"
                            + " pg_replication_slots;");
        } else if (used == most - 1) {
            findings.warning(
                    Side.SOURCE,
                    "Warp takes the last of %d replication slots: a table that has to be copied again would find none"
                            .formatted(most),
                    source.remedies().setting("max_replication_slots", used + 2));
        }
    }

    private void checkSenders() {
        int most = source.server().integer("senders_max");
        int used = source.server().integer("senders_used");
        if (used >= most) {
            findings.error(
                    Side.SOURCE,
                    "no walsender is free: max_wal_senders is %d and %d are at work"
                            .formatted(most, used),
                    source.remedies().setting("max_wal_senders", used + 2),
                    "or end one that nobody needs: SELECT pid, application_name FROM"
                            + " pg_stat_replication;");
        } else if (used == most - 1) {
            findings.warning(
                    Side.SOURCE,
                    "Warp takes the last of %d walsenders: a replica that reconnects would be refused"
                            .formatted(most),
                    source.remedies().setting("max_wal_senders", used + 2));
        }
    }

    private void checkNames() {
        Row used = NAMES.onlyRow(session(), slot, slot);
        if (used.flag("slot")) {
            findings.error(
                    Side.SOURCE,
                    "a replication slot \""
                            + slot
                            + "\" is there already, and not of this"
                            + " migration",
                    "give another name with --slot",
                    "or, where nobody needs it: " + Hints.dropSlot(slot));
        }
        if (used.flag("publication")) {
            findings.error(
                    Side.SOURCE,
                    "a publication \"" + slot + "\" is there already, and not of this migration",
                    "give another name with --slot",
                    "or, where nobody needs it: " + Hints.dropPublication(slot));
        }
    }

    private void checkPreparedTransactions() {
        for (Row row : PREPARED.rows(session())) {
            findings.warning(
                    Side.SOURCE,
                    "transaction '%s' of database \"%s\" is prepared since %s UTC: the new slot"
                                    .formatted(
                                            row.text("gid"),
                                            row.text("database"),
                                            row.text("prepared"))
                            + " waits until it ends",
                    Hints.rollbackPrepared(row.text("gid")));
        }
    }

    void checkOpenTransactions(int secondsMin) {
        List<Row> rows = OPEN.rows(session(), secondsMin);
        for (Row row : rows) {
            findings.warning(
                    Side.SOURCE,
                    "a transaction of role \"%s\" (%s, pid %s) is open for %s s: the new slot waits"
                                    .formatted(
                                            row.text("role"),
                                            row.text("application").isEmpty()
                                                    ? "no application name"
                                                    : row.text("application"),
                                            row.text("pid"),
                                            row.text("seconds"))
                            + " until it ends",
                    "let it end, or: " + Hints.terminate(row.integer("pid")));
        }
    }

    private void noteWhatIsNotDecoded() {
        if (!source.version().atLeast(11)) {
            findings.note(
                    Side.SOURCE,
                    "PostgreSQL "
                            + source.version().major()
                            + " does not log TRUNCATE for"
                            + " decoding: a table truncated during the migration keeps its rows at"
                            + " the destination",
                    "use DELETE instead of TRUNCATE until the migration is done");
        }
    }
}
