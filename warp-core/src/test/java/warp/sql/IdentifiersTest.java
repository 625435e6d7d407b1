package warp.sql;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import warp.model.TableName;

class IdentifiersTest {

    @Test
    void everyName_isQuoted() {
        assertThat(Identifiers.quote("select")).isEqualTo("\"select\"");
        assertThat(Identifiers.quote("a\"b'c\\d")).isEqualTo("\"a\"\"b'c\\d\"");
        assertThat(Identifiers.qualified(new TableName("Odd.S", "t\"")))
                .isEqualTo("\"Odd.S\".\"t\"\"\"");
    }

    @Test
    void literal_doublesQuotesAndKeepsBackslashes() {
        assertThat(Identifiers.literal("it's \\ \"x\"")).isEqualTo("'it''s \\ \"x\"'");
        assertThat(Identifiers.literal("")).isEqualTo("''");
    }

    @Test
    void zeroCharacterAndEmptyName_areRejected() {
        assertThatThrownBy(() -> Identifiers.quote("a\0b"))
                .isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> Identifiers.literal("a\0b"))
                .isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> Identifiers.quote(""))
                .isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void printedName_isReadBack() {
        assertThat(Identifiers.parseQualified("public.t")).isEqualTo(new TableName("public", "t"));
        for (TableName name :
                new TableName[] {
                    new TableName("a.b", "c\"d"),
                    new TableName("\"", "\"\""),
                    new TableName("é", " ")
                }) {
            assertThat(Identifiers.parseQualified(Identifiers.qualified(name))).isEqualTo(name);
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"", "t", ".t", "s.", "a.b.c", "\"a.b", "\"a\"b.c", "a\"b\".c", "\"\".t"})
    void textThatIsNoQualifiedName_isRejected(String text) {
        assertThatThrownBy(() -> Identifiers.parseQualified(text))
                .isInstanceOf(IllegalArgumentException.class);
    }
}
