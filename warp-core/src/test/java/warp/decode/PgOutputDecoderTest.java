package warp.decode;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.List;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import warp.error.ErrorCode;
import warp.error.WarpException;
import warp.model.ChangeEvent;
import warp.model.Lsn;
import warp.model.Relation;
import warp.model.Relation.RelationColumn;
import warp.model.ReplicaIdentity;
import warp.model.TableName;
import warp.model.Tuple;

class PgOutputDecoderTest {

    private static final Lsn POSITION = Lsn.parse("0/16B3748");
    private static final Relation ACCOUNTS =
            new Relation(
                    16384,
                    new TableName("Odd \"Schema\"", "a.b"),
                    ReplicaIdentity.DEFAULT,
                    true,
                    List.of(
                            new RelationColumn("id", true, 23, -1),
                            new RelationColumn("na me", false, 1043, 14),
                            new RelationColumn("body", false, 25, -1)));

    private final PgOutputDecoder decoder = new PgOutputDecoder();

    private @Nullable ChangeEvent decode(byte[] message) {
        return decoder.decode(POSITION, message, 0, message.length);
    }

    private @Nullable ChangeEvent decodeAfterRelation(byte[] message) {
        assertThat(decode(PgOutputWriter.relation(ACCOUNTS))).isNull();
        return decode(message);
    }

    private static PgOutputWriter message(char letter) {
        return new PgOutputWriter().letter(letter);
    }

    private static void assertMalformed(ThrowingCallable call, String... parts) {
        assertThatThrownBy(call)
                .isInstanceOfSatisfying(
                        WarpException.class,
                        e -> assertThat(e.code()).isEqualTo(ErrorCode.MALFORMED))
                .hasMessageContainingAll(parts);
    }

    @Test
    void begin_givesTransactionIdAndPositionOfTheCommit() {
        byte[] begin = message('B').int64(10).int64(20).int32(-2).done();
        assertThat(decode(begin)).isEqualTo(new ChangeEvent.Begin(-2, new Lsn(10)));
    }

    @Test
    void commit_givesEndPositionAndUnixTime() {
        // 2000-01-01 00:00:01.5 UTC is 1,500,000 microseconds after PostgreSQL's epoch.
        byte[] commit = message('C').int8(0).int64(1).int64(0x1_0000_0002L).int64(1_500_000).done();
        long micros = Instant.parse("2000-01-01T00:00:01.500Z").toEpochMilli() * 1000;
        assertThat(decode(commit)).isEqualTo(new ChangeEvent.Commit(Lsn.parse("1/2"), micros));
    }

    @Test
    void originTypeAndEmptyMessage_carryNoEvent() {
        assertThat(decode(message('O').int64(1).text("origin").done())).isNull();
        assertThat(decode(message('Y').int32(1).text("public").text("mood").done())).isNull();
        assertThat(decode(new byte[0])).isNull();
    }

    @Test
    void insert_sharesTheArrayOfTheMessage() {
        Tuple row = new Tuple.Builder(3, 16).add(utf8("1")).addNull().add(utf8("Grüße")).build();
        byte[] message = PgOutputWriter.event(new ChangeEvent.Insert(ACCOUNTS, row));
        assertThat(decodeAfterRelation(message))
                .isInstanceOfSatisfying(
                        ChangeEvent.Insert.class,
                        insert -> {
                            assertThat(insert.relation()).isEqualTo(ACCOUNTS);
                            assertThat(insert.row()).isEqualTo(row);
                            assertThat(insert.row().data()).isSameAs(message);
                        });
    }

    @Test
    void messageInTheMiddleOfAnArray_isRead() {
        byte[] begin = message('B').int64(10).int64(20).int32(7).done();
        byte[] padded = new byte[begin.length + 9];
        System.arraycopy(begin, 0, padded, 4, begin.length);
        assertThat(decoder.decode(POSITION, padded, 4, begin.length))
                .isEqualTo(new ChangeEvent.Begin(7, new Lsn(10)));
    }

    @Test
    void update_tellsWhetherTheOldRowIsAKey() {
        Tuple row = new Tuple.Builder(3, 4).add(utf8("2")).addNull().addUnchanged().build();
        Tuple key = new Tuple.Builder(3, 4).add(utf8("1")).addNull().addNull().build();
        Tuple full = Tuple.ofTexts("1", "x", "y");
        for (ChangeEvent event :
                List.of(
                        new ChangeEvent.Update(ACCOUNTS, null, false, row),
                        new ChangeEvent.Update(ACCOUNTS, key, true, row),
                        new ChangeEvent.Update(ACCOUNTS, full, false, row))) {
            assertThat(decodeAfterRelation(PgOutputWriter.event(event))).isEqualTo(event);
        }
    }

    @Test
    void delete_tellsWhetherTheOldRowIsAKey() {
        for (boolean key : new boolean[] {true, false}) {
            ChangeEvent event = new ChangeEvent.Delete(ACCOUNTS, Tuple.ofTexts("1", "", null), key);
            assertThat(decodeAfterRelation(PgOutputWriter.event(event))).isEqualTo(event);
        }
    }

    @Test
    void truncate_givesTablesAndOptions() {
        ChangeEvent event = new ChangeEvent.Truncate(List.of(ACCOUNTS, ACCOUNTS), true, false);
        assertThat(decodeAfterRelation(PgOutputWriter.event(event))).isEqualTo(event);
    }

    @Test
    void emittedMessage_isGivenWithItsOwnPosition() {
        ChangeEvent event = new ChangeEvent.Message(Lsn.parse("A/B"), true, "warp", "héllo\n");
        assertThat(decode(PgOutputWriter.event(event))).isEqualTo(event);
    }

    @Test
    void emptySchema_isTheCatalog() {
        Relation relation =
                new Relation(
                        5, new TableName("pg_catalog", "t"), ReplicaIdentity.FULL, true, List.of());
        decode(PgOutputWriter.relation(relation));
        ChangeEvent event = new ChangeEvent.Insert(relation, Tuple.ofTexts());
        assertThat(decode(PgOutputWriter.event(event))).isEqualTo(event);
    }

    @Test
    void repeatedRelation_keepsTheInstance_changedOneDoesNot() {
        byte[] insert =
                PgOutputWriter.event(
                        new ChangeEvent.Insert(ACCOUNTS, Tuple.ofTexts("1", "2", "3")));
        Relation first = relationOf(decodeAfterRelation(insert));
        assertThat(relationOf(decodeAfterRelation(insert))).isSameAs(first);

        Relation renamed =
                new Relation(
                        ACCOUNTS.oid(),
                        new TableName("public", "renamed"),
                        ReplicaIdentity.FULL,
                        true,
                        ACCOUNTS.columns());
        decode(PgOutputWriter.relation(renamed));
        assertThat(relationOf(decode(insert))).isEqualTo(renamed);
    }

    @Test
    void unknownRelation_isMalformed() {
        byte[] insert = message('I').int32(-1).letter('N').int16(0).done();
        assertMalformed(() -> decode(insert), "Insert", "0/16B3748", "offset 5", "4294967295");
    }

    @Test
    void binaryValue_isMalformed() {
        decode(PgOutputWriter.relation(ACCOUNTS));
        byte[] insert =
                message('I').int32(16384).letter('N').int16(3).letter('b').int32(1).int8(7).done();
        assertMalformed(() -> decode(insert), "Insert", "binary");
    }

    @Test
    void otherNumberOfColumns_isMalformed() {
        decode(PgOutputWriter.relation(ACCOUNTS));
        byte[] insert = message('I').int32(16384).letter('N').int16(1).letter('n').done();
        assertMalformed(() -> decode(insert), "1 columns for a relation of 3");
    }

    @Test
    void lengthBeyondTheMessage_isMalformed() {
        decode(PgOutputWriter.relation(ACCOUNTS));
        for (int length : new int[] {-1, 2, Integer.MAX_VALUE, Integer.MIN_VALUE}) {
            byte[] insert =
                    message('I')
                            .int32(16384)
                            .letter('N')
                            .int16(3)
                            .letter('t')
                            .int32(length)
                            .int8('x')
                            .done();
            assertMalformed(() -> decode(insert), "Insert", "ends too early");
        }
    }

    @Test
    void hugeNumberOfTruncatedTables_isMalformed() {
        for (int count : new int[] {-1, 0, 1, Integer.MAX_VALUE}) {
            byte[] truncate = message('T').int32(count).int8(0).done();
            assertMalformed(() -> decode(truncate), "Truncate");
        }
    }

    @Test
    void commitTimeOutOfRange_isMalformed() {
        byte[] commit = message('C').int8(0).int64(1).int64(2).int64(Long.MAX_VALUE).done();
        assertMalformed(() -> decode(commit), "Commit", "time");
    }

    @Test
    void bytesAfterTheMessage_areMalformed() {
        byte[] begin = message('B').int64(1).int64(2).int32(3).int8(0).done();
        assertMalformed(() -> decode(begin), "Begin", "1 bytes too many");
    }

    @Test
    void relationWithoutName_isMalformed() {
        byte[] relation = message('R').int32(1).text("s").text("").letter('d').int16(0).done();
        assertMalformed(() -> decode(relation), "Relation", "name");
    }

    @Test
    void nameThatIsNotUtf8_isMalformed() {
        byte[] relation =
                message('R').int32(1).text("s").int8(0xFF).int8(0).letter('d').int16(0).done();
        assertMalformed(() -> decode(relation), "Relation", "UTF-8");
    }

    @ParameterizedTest
    @ValueSource(chars = {'S', 'E', 'c', 'A', 'b', 'P', 'K', 'r', 'p', 'x', 0})
    void messageThatWasNotAskedFor_isMalformed(char letter) {
        assertMalformed(() -> decode(message(letter).done()), "pgoutput");
    }

    @Test
    void error_neverTellsAValue() {
        decode(PgOutputWriter.relation(ACCOUNTS));
        byte[] insert =
                message('I')
                        .int32(16384)
                        .letter('N')
                        .int16(3)
                        .letter('t')
                        .int32(6)
                        .raw(utf8("secret"))
                        .letter('?')
                        .done();
        assertThatThrownBy(() -> decode(insert))
                .isInstanceOfSatisfying(
                        WarpException.class,
                        e -> assertThat(e.report()).contains("HINT:").doesNotContain("secret"));
    }

    private static Relation relationOf(@Nullable ChangeEvent event) {
        assertThat(event).isInstanceOf(ChangeEvent.Insert.class);
        return event instanceof ChangeEvent.Insert insert ? insert.relation() : ACCOUNTS;
    }

    private static byte[] utf8(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }

    @Test
    void wordOfWhatWasUndone_andNeverSent_isPassedOver() {
        byte[] abort = {'A', 0, 0, 4, (byte) 0x87, 0, 0, 4, (byte) 0x88};

        assertThat(new PgOutputDecoder().decode(new Lsn(1), abort, 0, abort.length)).isNull();
    }
}
