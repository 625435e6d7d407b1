package warp.ddl;

import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import warp.model.Column;
import warp.model.KnownTable;
import warp.model.KnownTable.KnownColumn;
import warp.model.Table;
import warp.model.TableRule;

/**
 * Which column of the destination has the values of which column of the source: by the number it
 * has there, since a person may be half-way through renaming several. Pure.
 */
final class Receivers {

    private final Map<String, Column> byName = new HashMap<>();
    private final Map<Integer, Column> byNumber = new HashMap<>();
    private final Map<Integer, KnownColumn> madeFor = new HashMap<>();
    private final TableRule rule;

    Receivers(Table destination, TableRule rule, @Nullable KnownTable known) {
        this.rule = rule;
        for (Column column : destination.columns()) {
            byName.put(column.name(), column);
            byNumber.put(column.number(), column);
        }
        if (known != null) {
            known.columns()
                    .forEach(column ->
                            of(column)
                                    .ifPresent(
                                            there -> madeFor.putIfAbsent(there.number(), column)));
        }
    }

    /** What is to receive a column of that name. */
    Optional<Column> named(String column) {
        return Optional.ofNullable(byName.get(rule.receiverOf(column)));
    }

    /** What has the values of a known column, whatever it is called. */
    Optional<Column> of(KnownColumn known) {
        return known.receiver() == 0
                ? named(known.name())
                : Optional.ofNullable(byNumber.get(known.receiver()));
    }

    /** The known column whose values a column of the destination has. */
    Optional<KnownColumn> madeFor(Column there) {
        return Optional.ofNullable(madeFor.get(there.number()));
    }

    /** What the table is known as, with the columns that are to receive it. */
    KnownTable received(KnownTable table) {
        return table.receivedBy(column -> named(column).map(Column::number).orElse(0));
    }
}
