package warp.decode;

import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.Objects;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import warp.model.ChangeEvent;
import warp.model.Relation;
import warp.model.TableName;
import warp.model.Tuple;

/**
 * Prints events as test_decoding does, every value quoted and every name that quote_identifier
 * would quote; independently of the decoder.
 */
final class TestDecodingWriter {

    private static final DateTimeFormatter TIME =
            DateTimeFormatter.ofPattern("uuuu-MM-dd HH:mm:ss.SSSSSS", java.util.Locale.ROOT)
                    .withZone(ZoneOffset.UTC);

    private static final Pattern BARE = Pattern.compile("[a-z_][a-z0-9_]*");

    private TestDecodingWriter() {}

    static String event(ChangeEvent event) {
        return switch (event) {
            case ChangeEvent.Begin e -> "BEGIN " + Integer.toUnsignedString(e.transactionId());
            case ChangeEvent.Commit e -> "COMMIT 1 (at " + time(e.commitMicros()) + "+00)";
            case ChangeEvent.Insert e ->
                    "table "
                            + name(e.relation().name())
                            + ": INSERT:"
                            + row(e.relation(), e.row(), false);
            case ChangeEvent.Update e ->
                    "table "
                            + name(e.relation().name())
                            + ": UPDATE:"
                            + (e.old() == null
                                    ? ""
                                    : " old-key:"
                                            + row(e.relation(), e.old(), true)
                                            + " new-tuple:")
                            + row(e.relation(), e.row(), false);
            case ChangeEvent.Delete e ->
                    "table "
                            + name(e.relation().name())
                            + ": DELETE:"
                            + row(e.relation(), e.old(), true);
            case ChangeEvent.Truncate e ->
                    "table "
                            + e.relations().stream()
                                    .map(relation -> name(relation.name()))
                                    .collect(Collectors.joining(", "))
                            + ": TRUNCATE:"
                            + (e.restartIdentity() ? " restart_seqs" : "")
                            + (e.cascade() ? " cascade" : "")
                            + (e.cascade() || e.restartIdentity() ? "" : " (no-flags)");
            case ChangeEvent.Message e ->
                    "message: transactional: "
                            + (e.transactional() ? 1 : 0)
                            + " prefix: "
                            + e.prefix()
                            + ", sz: "
                            + e.content().getBytes(java.nio.charset.StandardCharsets.UTF_8).length
                            + " content:"
                            + e.content();
            case ChangeEvent.KeepAlive ignored ->
                    throw new IllegalArgumentException("not from a plugin");
        };
    }

    private static String time(long micros) {
        return TIME.format(
                Instant.ofEpochSecond(
                        Math.floorDiv(micros, 1_000_000L),
                        Math.floorMod(micros, 1_000_000L) * 1000));
    }

    private static String row(Relation relation, Tuple tuple, boolean skipNulls) {
        StringBuilder text = new StringBuilder();
        for (int i = 0; i < tuple.size(); i++) {
            if (tuple.isNull(i) && skipNulls) {
                continue;
            }
            text.append(' ')
                    .append(identifier(relation.columns().get(i).name()))
                    .append(i % 2 == 0 ? "[text[]]:" : "[public.\"odd]: type\"]:");
            if (tuple.isNull(i)) {
                text.append("null");
            } else if (tuple.isUnchanged(i)) {
                text.append("unchanged-toast-datum");
            } else {
                text.append('\'')
                        .append(Objects.requireNonNull(tuple.text(i)).replace("'", "''"))
                        .append('\'');
            }
        }
        return text.toString();
    }

    private static String name(TableName table) {
        return identifier(table.schema()) + "." + identifier(table.name());
    }

    private static String identifier(String name) {
        return BARE.matcher(name).matches() ? name : '"' + name.replace("\"", "\"\"") + '"';
    }
}
