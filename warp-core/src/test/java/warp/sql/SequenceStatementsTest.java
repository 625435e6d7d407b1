package warp.sql;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import warp.model.Sequence.Attributes;
import warp.model.SequenceValue;
import warp.model.TableName;

class SequenceStatementsTest {

    private static final TableName PLAIN = new TableName("public", "s");
    private static final TableName ODD = new TableName("A \"b\"", "it's");
    private static final Attributes USUAL =
            new Attributes("bigint", 1, 1, Long.MAX_VALUE, 1, false);

    @Test
    void values_areReadInOneStatement() {
        assertThat(SequenceStatements.values(List.of(PLAIN, ODD)))
                .isEqualTo(
                        "SELECT 0 AS n, last_value, is_called FROM \"public\".\"s\" UNION ALL"
                                + " SELECT 1 AS n, last_value, is_called FROM"
                                + " \"A \"\"b\"\"\".\"it's\"");
    }

    @Test
    void set_quotesNamesTwiceAndTakesTheLeastNumber() {
        Map<TableName, SequenceValue> values = new LinkedHashMap<>();
        values.put(PLAIN, new SequenceValue(7, true));
        values.put(ODD, new SequenceValue(Long.MIN_VALUE, false));

        assertThat(SequenceStatements.set(values))
                .isEqualTo(
                        "SELECT pg_catalog.setval('\"public\".\"s\"'::regclass, '7'::bigint, true),"
                                + " pg_catalog.setval('\"A \"\"b\"\"\".\"it''s\"'::regclass,"
                                + " '-9223372036854775808'::bigint, false)");
    }

    @Test
    void alter_saysOnlyWhatDiffers() {
        Attributes other = new Attributes("integer", -2, -100, -1, 20, true);

        assertThat(SequenceStatements.alter(PLAIN, USUAL, other))
                .isEqualTo(
                        "ALTER SEQUENCE \"public\".\"s\" AS integer INCREMENT BY -2 MINVALUE -100"
                                + " MAXVALUE -1 CACHE 20 CYCLE");
        assertThat(
                        SequenceStatements.alter(
                                PLAIN, new Attributes("bigint", 1, 1, 9, 1, true), USUAL))
                .isEqualTo("ALTER SEQUENCE \"public\".\"s\" MAXVALUE 9223372036854775807 NO CYCLE");
    }

    @Test
    void sourceWithoutTypes_doesNotDifferByTheType() {
        Attributes old = new Attributes(null, 1, 1, Long.MAX_VALUE, 1, false);

        assertThat(SequenceStatements.differ(USUAL, old)).isFalse();
        assertThatIllegalArgumentException()
                .isThrownBy(() -> SequenceStatements.alter(PLAIN, USUAL, old));
    }
}
