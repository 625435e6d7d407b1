package warp.decode;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import warp.error.ErrorCode;
import warp.error.WarpException;
import warp.model.ChangeEvent;
import warp.model.Lsn;
import warp.model.Relation;
import warp.model.Relation.RelationColumn;
import warp.model.TableName;
import warp.model.Tuple;

class TestDecodingDecoderTest {

    private static final Lsn POSITION = Lsn.parse("0/16B3748");

    private final TestDecodingDecoder decoder = new TestDecodingDecoder();

    private ChangeEvent decode(String text) {
        byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
        return Objects.requireNonNull(decoder.decode(POSITION, bytes, 0, bytes.length));
    }

    private ChangeEvent.Insert insert(String text) {
        return (ChangeEvent.Insert) decode(text);
    }

    private static List<String> names(Relation relation) {
        return relation.columns().stream().map(RelationColumn::name).toList();
    }

    private static List<@Nullable String> texts(Tuple tuple) {
        List<@Nullable String> texts = new ArrayList<>();
        for (int i = 0; i < tuple.size(); i++) {
            texts.add(tuple.isUnchanged(i) ? "(unchanged)" : tuple.text(i));
        }
        return texts;
    }

    @Test
    void begin_givesTheTransactionIdUnsigned() {
        assertThat(decode("BEGIN 123")).isEqualTo(new ChangeEvent.Begin(123));
        assertThat(decode("BEGIN 4294967295")).isEqualTo(new ChangeEvent.Begin(-1));
    }

    @ParameterizedTest
    @CsvSource({
        "2021-07-23 21:33:06.146+00, 2021-07-23T21:33:06.146Z",
        "2021-07-23 21:33:06+05:30, 2021-07-23T16:03:06Z",
        "2021-07-23 21:33:06.000001-11, 2021-07-24T08:33:06.000001Z",
        "1999-12-31 23:59:59.5-00:44:30, 2000-01-01T00:44:29.5Z",
        "12021-01-01 00:00:00+00, +12021-01-01T00:00:00Z",
    })
    void commit_givesItsTimeInAnyZone(String printed, Instant expected) {
        long micros = expected.getEpochSecond() * 1_000_000 + expected.getNano() / 1000;
        assertThat(decode("COMMIT 123 (at " + printed + ")"))
                .isEqualTo(new ChangeEvent.Commit(POSITION, micros));
    }

    @Test
    void insert_readsEveryKindOfValue() {
        ChangeEvent.Insert insert =
                insert(
                        "table \"Odd \"\"Schema\".t: INSERT: id[integer]:1 \"na me\"[character"
                                + " varying]:'it''s' x[text]:null y[text]:unchanged-toast-datum"
                                + " arr[integer[]]:'{1,2}' b[boolean]:true bits[bit]:B'101'"
                                + " vb[bit varying]:B'' f[double precision]:NaN n[numeric]:-1.50"
                                + " e[text]:''");
        assertThat(insert.relation().name()).isEqualTo(new TableName("Odd \"Schema", "t"));
        assertThat(insert.relation().identityKnown()).isFalse();
        assertThat(insert.relation().oid()).isZero();
        assertThat(names(insert.relation()))
                .containsExactly("id", "na me", "x", "y", "arr", "b", "bits", "vb", "f", "n", "e");
        assertThat(texts(insert.row()))
                .containsExactly(
                        "1",
                        "it's",
                        null,
                        "(unchanged)",
                        "{1,2}",
                        "true",
                        "101",
                        "",
                        "NaN",
                        "-1.50",
                        "");
    }

    @Test
    void insertWithoutDoubledQuotes_sharesTheArrayOfTheMessage() {
        byte[] message =
                "table public.t: INSERT: a[text]:'x y' b[integer]:1"
                        .getBytes(StandardCharsets.UTF_8);
        assertThat(decoder.decode(POSITION, message, 0, message.length))
                .isInstanceOfSatisfying(
                        ChangeEvent.Insert.class,
                        insert -> assertThat(insert.row().data()).isSameAs(message));
    }

    @Test
    void hostileNamesTypesAndValues_areTakenApart() {
        String value = "' new-tuple: x[text]:null\n]: \\ \"''";
        ChangeEvent.Insert insert =
                insert(
                        "table \"a.b\".\"c: INSERT:\": INSERT: \"new-tuple:\"[public.\"my ]:"
                                + " type\"[]]:'"
                                + value.replace("'", "''")
                                + "' \"x[text]:\"\"\"[\"char\"]:'é' ü[text]:'1'"
                                        .replace("ü", "\"ü\""));
        assertThat(insert.relation().name()).isEqualTo(new TableName("a.b", "c: INSERT:"));
        assertThat(names(insert.relation())).containsExactly("new-tuple:", "x[text]:\"", "ü");
        assertThat(texts(insert.row())).containsExactly(value, "é", "1");
    }

    @Test
    void updateWithoutOldKey_hasNoOldRow() {
        ChangeEvent.Update update =
                (ChangeEvent.Update) decode("table public.t: UPDATE: id[integer]:1 v[text]:'b'");
        assertThat(update.old()).isNull();
        assertThat(update.oldIsKey()).isFalse();
        assertThat(texts(update.row())).containsExactly("1", "b");
    }

    @Test
    void oldKey_isAlignedToTheNewRow() {
        ChangeEvent.Update update =
                (ChangeEvent.Update)
                        decode(
                                "table public.t: UPDATE: old-key: b[integer]:2 d[text]:' new-tuple:"
                                        + " ' new-tuple: a[text]:'it''s' b[integer]:3 c[text]:null"
                                        + " d[text]:'y'");
        assertThat(names(update.relation())).containsExactly("a", "b", "c", "d");
        assertThat(update.oldIsKey()).isTrue();
        assertThat(texts(Objects.requireNonNull(update.old())))
                .containsExactly(null, "2", null, " new-tuple: ");
        assertThat(texts(update.row())).containsExactly("it's", "3", null, "y");
    }

    @Test
    void oldRowOfOnlyNulls_isAllNull() {
        ChangeEvent.Update update =
                (ChangeEvent.Update)
                        decode("table public.t: UPDATE: old-key: new-tuple: a[text]:'x'");
        assertThat(texts(Objects.requireNonNull(update.old()))).containsExactly((String) null);
    }

    @Test
    void oldColumnThatTheNewRowHasNot_isMalformed() {
        assertMalformed(
                "table public.t: UPDATE: old-key: b[integer]:2 new-tuple: a[text]:'x'", "UPDATE");
    }

    @Test
    void delete_hasTheColumnsPrinted() {
        ChangeEvent.Delete delete =
                (ChangeEvent.Delete) decode("table public.t: DELETE: id[integer]:7");
        assertThat(names(delete.relation())).containsExactly("id");
        assertThat(delete.oldIsKey()).isTrue();
        assertThat(texts(delete.old())).containsExactly("7");
    }

    @Test
    void deleteWithoutIdentity_hasNoColumns() {
        ChangeEvent.Delete delete =
                (ChangeEvent.Delete) decode("table public.t: DELETE: (no-tuple-data)");
        assertThat(delete.relation().columns()).isEmpty();
        assertThat(delete.old().size()).isZero();
    }

    @Test
    void tableWithoutColumns_isRead() {
        assertThat(insert("table public.t: INSERT:").row().size()).isZero();
    }

    @Test
    void truncate_givesTablesAndFlags() {
        assertThat(decode("table public.a: TRUNCATE: (no-flags)"))
                .isInstanceOfSatisfying(
                        ChangeEvent.Truncate.class,
                        truncate -> {
                            assertThat(truncate.cascade()).isFalse();
                            assertThat(truncate.restartIdentity()).isFalse();
                        });
        assertThat(
                        decode(
                                "table public.a, \"B, c\".\"d: TRUNCATE:\": TRUNCATE: restart_seqs"
                                        + " cascade"))
                .isInstanceOfSatisfying(
                        ChangeEvent.Truncate.class,
                        truncate -> {
                            assertThat(truncate.cascade()).isTrue();
                            assertThat(truncate.restartIdentity()).isTrue();
                            assertThat(truncate.relations())
                                    .extracting(Relation::name)
                                    .containsExactly(
                                            new TableName("public", "a"),
                                            new TableName("B, c", "d: TRUNCATE:"));
                        });
    }

    @Test
    void emittedMessage_isReadWhateverItHolds() {
        assertThat(decode("message: transactional: 0 prefix: warp, sz: 3 content:abc"))
                .isEqualTo(new ChangeEvent.Message(POSITION, false, "warp", "abc"));
        assertThat(
                        decode(
                                "message: transactional: 1 prefix: a, sz: 1 content:, sz: x, sz: 2"
                                        + " content:é"))
                .isEqualTo(
                        new ChangeEvent.Message(POSITION, true, "a, sz: 1 content:, sz: x", "é"));
        assertThat(decode("message: transactional: 0 prefix: , sz: 0 content:"))
                .isEqualTo(new ChangeEvent.Message(POSITION, false, "", ""));
    }

    @Test
    void equalShapes_giveTheSameRelation_otherTypesAnother() {
        Relation first = insert("table public.t: INSERT: a[text]:'x' b[integer]:1").relation();
        assertThat(insert("table public.t: INSERT: a[text]:null b[integer]:2").relation())
                .isSameAs(first);
        assertThat(insert("table public.t: INSERT: a[text]:'x' b[bigint]:1").relation())
                .isNotSameAs(first);
        assertThat(insert("table public.t: INSERT: a[text]:'x'").relation()).isNotSameAs(first);
    }

    @Test
    void tableAndColumnThatRunTogether_areKeptApart() {
        insert("table public.b: INSERT: cd[text]:'x'");
        Relation relation = insert("table public.bc: INSERT: d[text]:'x'").relation();
        assertThat(relation.name().name()).isEqualTo("bc");
        assertThat(names(relation)).containsExactly("d");
    }

    @Test
    void moreColumnsThanExpected_areRead() {
        StringBuilder text = new StringBuilder("table public.wide: INSERT:");
        for (int i = 0; i < 1600; i++) {
            text.append(" c").append(i).append("[integer]:").append(i);
        }
        Tuple row = insert(text.toString()).row();
        assertThat(row.size()).isEqualTo(1600);
        assertThat(row.text(1599)).isEqualTo("1599");
    }

    @Test
    void emptyMessage_carriesNoEvent() {
        assertThat(decoder.decode(POSITION, new byte[0], 0, 0)).isNull();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "BEGIN",
                "BEGIN x",
                "BEGIN 4294967296",
                "BEGIN 1 ",
                "COMMIT 1",
                "COMMIT 1 (at infinity)",
                "COMMIT 1 (at 2021-13-23 21:33:06+00)",
                "COMMIT 1 (at 2021-12-23 25:33:06+00)",
                "COMMIT 1 (at 2021-12-23 21:33:06)",
                "COMMIT PREPARED 'x', txid 1",
                "opening a streamed block for transaction TXN 1",
                "table public: INSERT:",
                "table public.: INSERT:",
                "table public.\"\": INSERT:",
                "table public.\"t: INSERT:",
                "table public.t: INSERT",
                "table public.t: INSERT: (no-tuple-data)",
                "table public.t: UPDATE: (no-tuple-data)",
                "table public.t: UPDATE: old-key: a[text]:'x'",
                "table public.t: INSERT: a[text]:",
                "table public.t: INSERT: a[text]",
                "table public.t: INSERT: a[]:1",
                "table public.t: INSERT: a[text:1",
                "table public.t: INSERT: a[text]:'x",
                "table public.t: INSERT: a[text]:'x''",
                "table public.t: INSERT: a[text]:'x'y",
                "table public.t: INSERT: a[text]:'x' ",
                "table public.t: INSERT: a[integer]:1 new-tuple: b[integer]:2",
                "table public.t, : TRUNCATE: (no-flags)",
                "table public.t: TRUNCATE:",
                "message: transactional: 0 prefix: warp, sz: 4 content:abc",
                "message: transactional: 2 prefix: warp, sz: 3 content:abc",
            })
    void textThatDoesNotFollowTheFormat_isMalformed(String text) {
        assertMalformed(text, "test_decoding");
    }

    @Test
    void error_neverTellsAValue() {
        assertThatThrownBy(() -> decode("table public.t: INSERT: a[text]:'secret' b[text]:"))
                .isInstanceOfSatisfying(
                        WarpException.class,
                        e ->
                                assertThat(e.report())
                                        .contains("INSERT", "0/16B3748", "offset 49", "HINT:")
                                        .doesNotContain("secret"));
    }

    private void assertMalformed(String text, String part) {
        assertThatThrownBy(() -> decode(text))
                .isInstanceOfSatisfying(
                        WarpException.class,
                        e -> assertThat(e.code()).isEqualTo(ErrorCode.MALFORMED))
                .hasMessageContaining(part);
    }
}
