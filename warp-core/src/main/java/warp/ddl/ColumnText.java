package warp.ddl;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import warp.ddl.SourceTable.Definition;
import warp.model.ServerVersion;
import warp.model.TableName;
import warp.sql.DefinitionStatements;

/** Columns of the source as statements for the destination. */
final class ColumnText {

    /** A default that takes the next value of a sequence, as the server prints it. */
    private static final Pattern SEQUENCE =
            Pattern.compile("nextval\\('((?:[^']|'')+)'::regclass\\)");

    private final boolean virtual;
    private final boolean typedSequences;

    /**
     * @param destination before 18 it has no virtual generated columns, which are stored then;
     *     before 10 every sequence is of bigint
     */
    ColumnText(ServerVersion destination) {
        this.virtual = destination.atLeast(18);
        this.typedSequences = destination.atLeast(10);
    }

    /** Name and type alone. */
    String plain(Definition column) {
        return DefinitionStatements.column(column.name(), column.typeName(), column.collation());
    }

    /** For CREATE TABLE. */
    String full(Definition column) {
        return generatedOrPlain(column)
                + (column.isGenerated() || column.defaultText() == null
                        ? ""
                        : " DEFAULT " + column.defaultText())
                + (column.notNull() ? " NOT NULL" : "");
    }

    private String generatedOrPlain(Definition column) {
        String plain = plain(column);
        return column.isGenerated() && column.defaultText() != null
                ? plain
                        + DefinitionStatements.generated(
                                column.defaultText(), virtual && column.generated().equals("v"))
                : plain;
    }

    /**
     * Adds the column to a table that has rows: with the value that they have at the source, then
     * with the default for those to come.
     */
    List<String> add(TableName table, Definition column) {
        List<String> statements = new ArrayList<>(sequencesFor(column));
        String definition = generatedOrPlain(column);
        if (column.missing() != null) {
            definition += DefinitionStatements.defaultValue(column.missing(), column.typeName());
        }
        statements.add(DefinitionStatements.addColumn(table, definition));
        if (!column.isGenerated()) {
            if (column.defaultText() != null) {
                statements.add(
                        DefinitionStatements.setDefault(
                                table, column.name(), column.defaultText()));
            } else if (column.missing() != null) {
                statements.add(DefinitionStatements.dropDefault(table, column.name()));
            }
            statements.addAll(ownedSequence(table, column));
        }
        if (column.notNull() && (column.missing() != null || column.isGenerated())) {
            statements.add(DefinitionStatements.setNotNull(table, column.name()));
        }
        return statements;
    }

    /** What the rows must be there for: NOT NULL, identity. */
    List<String> finish(TableName table, Definition column) {
        List<String> statements = new ArrayList<>();
        if (column.notNull()) {
            statements.add(DefinitionStatements.setNotNull(table, column.name()));
        }
        if (!column.identity().isEmpty()) {
            statements.add(
                    DefinitionStatements.addIdentity(
                            table, column.name(), column.identity().equals("a")));
        }
        return statements;
    }

    /** Makes the sequence that the default needs. */
    List<String> sequencesFor(Definition column) {
        String type = typedSequences ? column.sequenceType() : null;
        return sequence(column)
                .map(sequence -> DefinitionStatements.createSequence(sequence, type))
                .stream()
                .toList();
    }

    /** Ties that sequence to the column. */
    List<String> ownedSequence(TableName table, Definition column) {
        return sequence(column)
                .map(sequence -> DefinitionStatements.ownSequence(sequence, table, column.name()))
                .stream()
                .toList();
    }

    private static Optional<String> sequence(Definition column) {
        if (column.defaultText() == null) {
            return Optional.empty();
        }
        Matcher matcher = SEQUENCE.matcher(column.defaultText());
        return matcher.matches()
                ? Optional.of(matcher.group(1).replace("''", "'"))
                : Optional.empty();
    }
}
