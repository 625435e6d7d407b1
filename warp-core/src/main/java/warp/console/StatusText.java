package warp.console;

import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.stream.Collectors;
import warp.config.TimeSpan;
import warp.error.WarpException;
import warp.migration.MigrationStatus;
import warp.migration.NextStep;
import warp.model.status.MigrationState;
import warp.model.status.MigrationState.Applied;
import warp.model.status.MigrationState.Copied;
import warp.model.status.MigrationState.Held;
import warp.model.status.MigrationState.Moment;
import warp.model.status.MigrationState.Refused;
import warp.model.status.SlotStatus;

/** The status of a migration for a person: a block of lines, or one line. Pure. */
public final class StatusText {

    private static final int SHOWN_MAX = 5;

    private final StringBuilder text = new StringBuilder();

    private StatusText() {}

    /** The block, each line ended. */
    public static String of(MigrationStatus status, NextStep next) {
        StatusText block = new StatusText();
        block.line(
                "Migration %s: %s -> %s"
                        .formatted(status.slot(), status.source(), status.destination()));
        if (status.state().isPresent()) {
            block.state(status.state().get(), status);
        } else if (status.destinationTrouble().isEmpty()) {
            block.field("Phase", "none: the destination knows no migration with this slot");
            if (!status.others().isEmpty()) {
                block.field("Others", String.join(", ", status.others()));
            }
        }
        status.slotState().ifPresent(slot -> block.field("Slot", slot(slot)));
        status.state().ifPresent(block::debts);
        block.field("Next", next.what() + ":");
        block.field("", next.where() == NextStep.Where.DESTINATION ? sql(next) : next.command());
        return block.text.toString();
    }

    /** An error with its hints, as elsewhere. */
    public static String trouble(WarpException trouble) {
        StatusText lines = new StatusText();
        lines.line("ERROR: " + trouble.summary());
        trouble.hints().forEach(hint -> lines.line("HINT: " + hint));
        return lines.text.toString();
    }

    /** One line with the time, ended. */
    public static String line(MigrationStatus status, Clock clock) {
        String told =
                status.state()
                        .map(state -> brief(state, status))
                        .orElseGet(() ->
                                status.destinationTrouble().isPresent()
                                        ? "destination does not answer"
                                        : "no migration");
        String trouble =
                status.troubles().stream()
                        .map(each -> ", " + each.summary())
                        .collect(Collectors.joining());
        return new Lines(clock, "").timed(status.slot() + ": " + told + trouble) + "\n";
    }

    private static String brief(MigrationState state, MigrationStatus status) {
        StringBuilder line = new StringBuilder(state.phase().name());
        line.append(state.isWorkedOn() ? "" : ", no Warp works on it");
        Copied copied = state.copied();
        if (copied.tables() != copied.tablesCopied()) {
            line.append(
                    ", %d of %d tables, %d of %d chunks, %s copied"
                            .formatted(
                                    copied.tablesCopied(),
                                    copied.tables(),
                                    copied.chunksCopied(),
                                    copied.chunks(),
                                    bytes(copied.bytes())));
        }
        state.progress()
                .ifPresent(applied ->
                        line.append(", applied up to ")
                                .append(applied.lsn())
                                .append(", moved ")
                                .append(ago(applied.moved())));
        status.lagBytes().ifPresent(lag -> line.append(", lag ").append(bytes(lag)));
        if (!state.held().isEmpty()) {
            line.append(", %d tables held".formatted(state.held().size()));
        }
        return line.toString();
    }

    private void state(MigrationState state, MigrationStatus status) {
        field("Phase", state.phase() + " since " + at(state.since()));
        field(
                "Worker",
                state.worker()
                        .map(it -> "Warp at %s since %s".formatted(it.address(), at(it.since())))
                        .orElse("none: no Warp works on it"));
        Copied copied = state.copied();
        field(
                "Copied",
                "%d of %d tables, %d of %d chunks, %d rows, %s"
                        .formatted(
                                copied.tablesCopied(),
                                copied.tables(),
                                copied.chunksCopied(),
                                copied.chunks(),
                                copied.rows(),
                                bytes(copied.bytes())));
        left(copied);
        state.progress().ifPresent(applied -> applied(applied, status.lagBytes()));
        state.spool()
                .ifPresent(spool -> field("Spool", spool.folder() + " on host " + spool.host()));
    }

    private void left(Copied copied) {
        if (copied.tablesSuspect() > 0) {
            field("", copied.tablesSuspect() + " tables are to be compared");
        }
        if (!copied.unfinished().isEmpty()) {
            field(
                    "Left",
                    copied.unfinished().stream()
                                    .map(table ->
                                            "%s (%d of %d chunks)"
                                                    .formatted(
                                                            table.table(),
                                                            table.chunksCopied(),
                                                            table.chunks()))
                                    .collect(Collectors.joining(", "))
                            + (copied.bytesLeft() > 0
                                    ? "; about " + bytes(copied.bytesLeft()) + " in chunks"
                                    : ""));
        }
    }

    private void applied(Applied applied, Optional<Long> lag) {
        field(
                "Applied",
                "up to %s, moved %s, %d transactions"
                        .formatted(applied.lsn(), ago(applied.moved()), applied.transactions()));
        field("Lag", lag.map(StatusText::bytes).orElse("unknown: the source does not answer"));
    }

    private static String slot(SlotStatus slot) {
        String kept = ", keeps " + bytes(slot.retainedBytes()) + " of log at the source";
        String room =
                slot.safeBytes()
                        .map(safe -> ", is lost after " + bytes(Math.max(safe, 0)) + " more")
                        .orElse("");
        return switch (slot.kind()) {
            case MISSING -> "there is none at the source";
            case ACTIVE -> "is read" + kept + room;
            case IDLE -> "is not read" + kept + room;
            case LOST ->
                    "is lost: the source has removed what it needs"
                            + slot.reason().map(reason -> " (" + reason + ")").orElse("");
        };
    }

    private void debts(MigrationState state) {
        for (Held held : state.held()) {
            field(
                    "Held",
                    "%s since %s UTC, %d changes wait: %s"
                            .formatted(held.table(), held.since(), held.changes(), held.reason()));
        }
        if (!state.owed().isEmpty()) {
            field(
                    "Owed",
                    state.owed().stream()
                            .map(each -> each.count() + " × " + each.kind())
                            .collect(Collectors.joining(", ")));
        }
        List<Refused> refused = state.refused();
        for (Refused each : refused.subList(0, Math.min(SHOWN_MAX, refused.size()))) {
            field(
                    "Failed",
                    "%s: %s (SQLSTATE %s)"
                            .formatted(each.object(), each.message(), each.sqlState()));
        }
        if (refused.size() > SHOWN_MAX) {
            field(
                    "",
                    "and %d more: SELECT * FROM warp.failure"
                            .formatted(refused.size() - SHOWN_MAX));
        }
        if (state.identities() > 0) {
            field(
                    "Source",
                    state.identities() + " tables have another REPLICA IDENTITY until --clean");
        }
    }

    private static String sql(NextStep next) {
        String statement = next.command().strip();
        return statement.endsWith(";") ? statement : statement + ";";
    }

    private void field(String name, String value) {
        line("  %-9s %s".formatted(name, value));
    }

    private void line(String line) {
        text.append(Escapes.visible(line)).append('\n');
    }

    private static String at(Moment moment) {
        return "%s UTC (%s)"
                .formatted(
                        moment.time().replace('T', ' ').replace("Z", ""),
                        TimeSpan.rounded(Duration.ofSeconds(moment.secondsAgo())));
    }

    private static String ago(Moment moment) {
        return TimeSpan.rounded(Duration.ofSeconds(moment.secondsAgo())) + " ago";
    }

    /** In the unit that leaves one to three digits before the point, by 1024. */
    static String bytes(long bytes) {
        String[] units = {"bytes", "kB", "MB", "GB", "TB", "PB"};
        double number = bytes;
        int unit = 0;
        while (number >= 1024 && unit < units.length - 1) {
            number /= 1024;
            unit++;
        }
        String form = unit == 0 || number >= 100 ? "%.0f %s" : "%.1f %s";
        return String.format(Locale.ROOT, form, number, units[unit]);
    }
}
