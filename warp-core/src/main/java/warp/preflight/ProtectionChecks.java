package warp.preflight;

import java.time.Duration;
import java.util.List;
import java.util.Optional;
import warp.config.ByteSize;
import warp.config.SourceOptions;
import warp.config.TimeSpan;
import warp.error.WarpException;
import warp.model.Side;
import warp.model.Table;
import warp.postgres.CatalogQuery;
import warp.postgres.Row;
import warp.postgres.ThrottleQuery;
import warp.preflight.WalForecast.Written;
import warp.sql.Hints;

/**
 * Checks whether the source can bear the migration: the log that the slot will hold back, and
 * whether what is asked for to spare it can be seen at all.
 */
final class ProtectionChecks {

    private static final CatalogQuery WAL = CatalogQuery.of(ProtectionChecks.class, "wal");

    private final ServerFacts source;
    private final SourceOptions options;
    private final Findings findings;

    ProtectionChecks(ServerFacts source, SourceOptions options, Findings findings) {
        this.source = source;
        this.options = options;
        this.findings = findings;
    }

    /**
     * @param copied what is to be copied; empty where nothing is
     */
    void run(List<Table> copied) {
        if (!source.version().atLeast(9, 6) || source.server().flag("in_recovery")) {
            return;
        }
        Row row = WAL.onlyRow(source.session());
        if (!copied.isEmpty()) {
            checkNeed(row, copied.stream().mapToLong(Table::bytes).sum());
            checkIdleTimeout(row);
        }
        checkSight(row);
        options.pauseQuery().ifPresent(this::checkQuery);
    }

    private void checkNeed(Row row, long copyBytes) {
        WalForecast forecast =
                WalForecast.of(
                        new Written(row.number("recent_bytes"), row.real("recent_seconds")),
                        new Written(row.number("long_bytes"), row.real("long_seconds")),
                        copyBytes,
                        options.copyRateMax());
        ByteSize need = forecast.need();
        String told =
                "the slot may hold back about %s of log until the copy is done (%s/s, for about %s)"
                        .formatted(
                                need.rounded(),
                                new ByteSize(forecast.bytesPerSecond()).rounded(),
                                TimeSpan.rounded(forecast.time()));
        Optional<ByteSize> keep =
                row.optionalText("keep_bytes")
                        .map(Long::valueOf)
                        .filter(bytes -> bytes >= 0)
                        .map(ByteSize::new);
        keep.filter(size -> need.bytes() > size.bytes())
                .ifPresent(size ->
                        findings.warning(
                                Side.SOURCE,
                                told
                                        + ", more than max_slot_wal_keep_size = %s: the slot would be lost"
                                                .formatted(size),
                                "where the disk has room: "
                                        + source.remedies()
                                                .reloadedSetting(
                                                        "max_slot_wal_keep_size",
                                                        ByteSize.megabytes(
                                                                2 * (need.bytes() >> 20))),
                                "or choose a quieter time, or fewer tables (-t, -T)"));
        options.walMax()
                .filter(size -> need.bytes() > size.bytes())
                .ifPresent(size ->
                        findings.warning(
                                Side.SOURCE,
                                told
                                        + ", more than --max-source-wal=%s: Warp would stop there"
                                                .formatted(size),
                                "give a larger one where the disk has room, choose a quieter time,"
                                        + " or fewer tables (-t, -T)"));
    }

    /** Nobody reads the slot while tables are copied. */
    private void checkIdleTimeout(Row row) {
        long seconds = row.number("idle_seconds");
        if (seconds > 0) {
            findings.warning(
                    Side.SOURCE,
                    "idle_replication_slot_timeout is %s: where the copy takes longer, the slot is lost"
                            .formatted(TimeSpan.rounded(Duration.ofSeconds(seconds))),
                    source.remedies().reloadedSetting("idle_replication_slot_timeout", 0));
        }
    }

    /** An ordinary role sees of other roles' sessions only that they are there. */
    private void checkSight(Row row) {
        boolean needed = options.sessionsMax().isPresent() || options.replicaLagMax().isPresent();
        if (!needed || row.flag("sees_all") || source.role().flag("superuser")) {
            return;
        }
        String switches = options.sessionsMax().isPresent() ? "--max-load" : "--max-replica-lag";
        String message =
                "role \"%s\" does not see what sessions of other roles do, which %s needs"
                        .formatted(source.roleName(), switches);
        if (source.version().atLeast(10)) {
            findings.error(
                    Side.SOURCE,
                    message,
                    Hints.grantRole("pg_monitor", source.roleName()),
                    "or leave the switch out");
        } else {
            findings.error(
                    Side.SOURCE,
                    message,
                    "before 10 only superusers do: use one, or leave the switch out");
        }
    }

    private void checkQuery(String query) {
        try {
            ThrottleQuery.ask(source.session(), query);
        } catch (WarpException problem) {
            findings.error(
                    Side.SOURCE,
                    "--throttle-query fails: "
                            + problem.getMessage()
                            + problem.sqlState()
                                    .map(state -> " (SQLSTATE " + state + ")")
                                    .orElse(""),
                    problem.hints().isEmpty()
                            ? "such as: SELECT count(*) > 10 FROM public.jobs WHERE waiting"
                            : problem.hints().getFirst());
        }
    }
}
