package warp.ddl;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import warp.ddl.SourceTable.Definition;
import warp.model.Column;
import warp.model.KnownTable;
import warp.model.KnownTable.KnownColumn;
import warp.model.Relation;
import warp.model.Relation.RelationColumn;
import warp.model.ReplicaIdentity;
import warp.model.ServerVersion;
import warp.model.Table;
import warp.model.TableName;
import warp.model.TableRule;

class JudgementTest {

    private static final TableName NAME = new TableName("s", "t");
    private static final int INT = 23;
    private static final int TEXT = 25;

    private final List<KnownColumn> now = new ArrayList<>();
    private final List<Column> there = new ArrayList<>();
    private int last;
    private TableName altered = NAME;

    private static KnownColumn column(int number, int type, String name) {
        return new KnownColumn(number, type, -1, name, false, 0);
    }

    /** As known, each received by the destination's column of the same number. */
    private static KnownTable known(KnownColumn... columns) {
        List<KnownColumn> received = new ArrayList<>();
        for (KnownColumn column : columns) {
            received.add(column.receivedBy(column.number()));
        }
        int last = columns[columns.length - 1].number();
        return new KnownTable(NAME, 7, 1, last, received, List.of());
    }

    private void source(int lastNumber, KnownColumn... columns) {
        last = lastNumber;
        now.addAll(List.of(columns));
    }

    private void destination(int number, int type, String name) {
        there.add(new Column(name, number, type, typeName(type), true, false, false, false, null));
    }

    private static String typeName(int type) {
        return type == INT ? "integer" : "text";
    }

    private static Relation shape(Object... namesAndTypes) {
        List<RelationColumn> columns = new ArrayList<>();
        for (int i = 0; i < namesAndTypes.length; i += 2) {
            columns.add(
                    new RelationColumn(
                            (String) namesAndTypes[i], false, (int) namesAndTypes[i + 1], -1));
        }
        return new Relation(7, NAME, ReplicaIdentity.DEFAULT, true, columns);
    }

    private Judgement judgement(KnownTable known) {
        List<Definition> definitions =
                now.stream()
                        .map(column ->
                                new Definition(
                                        column,
                                        typeName(column.typeOid()),
                                        false,
                                        null,
                                        false,
                                        null,
                                        "",
                                        "",
                                        null,
                                        null))
                        .toList();
        return new Judgement(
                NAME,
                known,
                new SourceTable(7, NAME, false, 1, true, false, 0, last, now),
                definitions,
                new ReceivingTable(
                        new Table(
                                8,
                                NAME,
                                there,
                                ReplicaIdentity.DEFAULT,
                                List.of("id"),
                                0,
                                0,
                                0,
                                false,
                                false,
                                false,
                                false),
                        altered,
                        TableRule.NONE,
                        new ServerVersion(180000)));
    }

    @Test
    void columnThatMayHaveStoodForADroppedOne_isCopied() {
        source(5, column(1, INT, "id"), column(4, TEXT, "c3"), column(5, INT, "c2"));
        destination(1, INT, "id");
        destination(2, TEXT, "b");
        KnownTable known = known(column(1, INT, "id"), column(2, TEXT, "b"));
        Verdict verdict = judgement(known).of(shape("id", INT, "b", TEXT, "c2", INT), false);
        assertThat(verdict)
                .isInstanceOfSatisfying(
                        Verdict.Alter.class, alter -> assertThat(alter.copy()).isTrue());
    }

    @Test
    void columnAddedToAllThatWereKnown_isAdded_andKnownByTheSameTransaction() {
        source(3, column(1, INT, "id"), column(2, TEXT, "b"), column(3, INT, "c"));
        destination(1, INT, "id");
        destination(2, TEXT, "b");
        KnownTable known = known(column(1, INT, "id"), column(2, TEXT, "b"));
        Verdict verdict = judgement(known).of(shape("id", INT, "b", TEXT, "c", INT), false);
        assertThat(verdict)
                .isInstanceOfSatisfying(
                        Verdict.Alter.class,
                        alter -> {
                            assertThat(alter.copy()).isFalse();
                            assertThat(alter.known()).isNotNull();
                            assertThat(alter.statements())
                                    .containsExactly(
                                            "ALTER TABLE \"s\".\"t\" ADD COLUMN \"c\" integer");
                        });
    }

    @Test
    void columnOfAPartition_isAddedToTheTopmostTable() {
        altered = new TableName("s", "top");
        source(2, column(1, INT, "id"), column(2, INT, "c"));
        destination(1, INT, "id");
        Verdict verdict =
                judgement(known(column(1, INT, "id"))).of(shape("id", INT, "c", INT), false);
        assertThat(verdict)
                .isInstanceOfSatisfying(
                        Verdict.Alter.class,
                        alter ->
                                assertThat(alter.statements().getFirst())
                                        .startsWith("ALTER TABLE \"s\".\"top\" "));
    }

    @Test
    void halfOfTheRenamesDone_asksForTheOtherHalfOnly() {
        source(3, column(1, INT, "id"), column(2, TEXT, "c2"), column(3, TEXT, "a"));
        KnownTable known = known(column(1, INT, "id"), column(2, TEXT, "b"), column(3, TEXT, "c2"));
        destination(1, INT, "id");
        destination(2, TEXT, "b");
        destination(3, TEXT, "a"); // Was c2.
        Verdict half = judgement(known).of(shape("id", INT, "c2", TEXT, "a", TEXT), false);
        assertThat(half)
                .isInstanceOfSatisfying(
                        Verdict.Ask.class,
                        ask ->
                                assertThat(ask.statements())
                                        .containsExactly(
                                                "ALTER TABLE \"s\".\"t\" RENAME COLUMN \"b\" TO"
                                                        + " \"c2\";"));
        there.clear();
        destination(1, INT, "id");
        destination(2, TEXT, "c2");
        destination(3, TEXT, "a");
        assertThat(judgement(known).of(shape("id", INT, "c2", TEXT, "a", TEXT), false))
                .isInstanceOf(Verdict.Fits.class);
    }

    @Test
    void namesExchanged_areCopied() {
        source(3, column(1, INT, "id"), column(2, TEXT, "b"), column(3, TEXT, "a"));
        destination(1, INT, "id");
        destination(2, TEXT, "a");
        destination(3, TEXT, "b");
        KnownTable known = known(column(1, INT, "id"), column(2, TEXT, "a"), column(3, TEXT, "b"));
        assertThat(judgement(known).of(shape("id", INT, "b", TEXT, "a", TEXT), false))
                .isInstanceOf(Verdict.Copy.class);
    }

    @Test
    void columnThatStandsThereAlready_isComparedWithWhatTheSourcesRowsHave() {
        source(2, column(1, INT, "id"), column(2, TEXT, "c"));
        destination(1, INT, "id");
        destination(2, TEXT, "c");
        Verdict verdict =
                judgement(known(column(1, INT, "id"))).of(shape("id", INT, "c", TEXT), false);
        assertThat(verdict)
                .isInstanceOfSatisfying(
                        Verdict.Compare.class,
                        compare ->
                                assertThat(compare.queries().getFirst())
                                        .contains("CAST(\"c\" AS text) IS NOT NULL"));
    }

    @Test
    void columnOfAnotherType_isAskedForAlsoWhereItWasMadeForSomethingElse_beforeACopy() {
        source(3, column(1, INT, "id"), column(3, TEXT, "a"));
        destination(1, INT, "id");
        destination(9, INT, "a");
        KnownTable known = known(column(1, INT, "id"), column(3, TEXT, "b"));
        assertThat(judgement(known).of(null, true))
                .isInstanceOfSatisfying(
                        Verdict.Ask.class,
                        ask ->
                                assertThat(ask.statements())
                                        .containsExactly(
                                                "ALTER TABLE \"s\".\"t\" DROP COLUMN \"a\";",
                                                "ALTER TABLE \"s\".\"t\" ADD COLUMN \"a\" text;"));
    }

    @Test
    void lookedAtAfterADropAlone_isKnownWithoutIt() {
        source(2, column(1, INT, "id"));
        destination(1, INT, "id");
        destination(2, TEXT, "b");
        KnownTable known = known(column(1, INT, "id"), column(2, TEXT, "b"));
        assertThat(judgement(known).of(null, false))
                .isInstanceOfSatisfying(
                        Verdict.Fits.class,
                        fits -> {
                            assertThat(fits.known().columns())
                                    .extracting(KnownColumn::name)
                                    .containsExactly("id");
                            assertThat(fits.known().gone()).containsExactly("b");
                        });
    }
}
