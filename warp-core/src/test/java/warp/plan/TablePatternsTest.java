package warp.plan;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import warp.error.ErrorCode;
import warp.error.WarpException;
import warp.model.TableName;

class TablePatternsTest {

    private static boolean includes(String pattern, String schema, String name) {
        return TablePatterns.of(List.of(pattern), List.of()).includes(new TableName(schema, name));
    }

    @ParameterizedTest
    @CsvSource(
            quoteCharacter = '`',
            value = {
                "orders, public, orders",
                "orders, sales, orders",
                "ORDERS, public, orders",
                "public.orders, public, orders",
                "p*.o?ders, public, orders",
                "*, public, Anything at all",
                "*.*, public, orders",
                "orders_[0-9], public, orders_7",
                "orders_[[:digit:]x], public, orders_x",
                "orders_[^A-F], public, orders_g",
                "a|b, public, b",
                "(a|b)c+, public, bccc",
                "a$b, public, a$b",
                "int[], public, int[]",
                "[a&&b], public, &",
                "[[a], public, [",
                "\"Odd.Name\", public, Odd.Name",
                "\"a*\", public, a*",
                "\"a\"\"b\", public, a\"b",
                "\"S\".t*, S, t1",
                "or\"D\"ers, public, orDers",
                "\"[0-9]\\\", public, [0-9]\\",
                "g*e, public, grüße",
            })
    void pattern_matches(String pattern, String schema, String name) {
        assertThat(includes(pattern, schema, name)).isTrue();
    }

    @ParameterizedTest
    @CsvSource(
            quoteCharacter = '`',
            value = {
                "orders, public, Orders",
                "orders, public, orders2",
                "\"ORDERS\", public, orders",
                "public.orders, sales, orders",
                "a|b, public, ab",
                "orders_[0-9], public, orders_77",
                "\"a*\", public, ab",
                "a.b, public, axb",
                "o?ders, public, oders",
                "[a&&b], public, c",
                "*, pg_catalog, pg_class",
                "information_schema.*, information_schema, tables",
                "pg_toast.*, pg_toast, pg_toast_1",
            })
    void pattern_doesNotMatch(String pattern, String schema, String name) {
        assertThat(includes(pattern, schema, name)).isFalse();
    }

    @Test
    void patternsOfSchemas_narrowThoseOfTables() {
        TablePatterns patterns =
                TablePatterns.of(List.of("t"), List.of(), List.of("a*", "Z"), List.of("ab"));

        assertThat(patterns.includes(new TableName("a", "t"))).isTrue();
        assertThat(patterns.includes(new TableName("z", "t"))).isTrue();
        assertThat(patterns.includes(new TableName("ab", "t"))).isFalse();
        assertThat(patterns.includes(new TableName("b", "t"))).isFalse();
        assertThat(patterns.includes(new TableName("a", "u"))).isFalse();
        assertThat(patterns.unmatchedSchemas(List.of("a", "b"))).containsExactly("Z");
        assertThatThrownBy(() -> TablePatterns.of(List.of(), List.of(), List.of("a.b"), List.of()))
                .hasMessageContaining("a schema's name has no dot");
    }

    @Test
    void newlineInAName_isALetter() {
        assertThat(includes("a*b", "public", "a\nb")).isTrue();
    }

    @Test
    void withoutPatterns_everyTableButTheSystemsTakesPart() {
        TablePatterns all = TablePatterns.of(List.of(), List.of());
        assertThat(all.includes(new TableName("public", "t"))).isTrue();
        assertThat(all.includes(new TableName("pg_catalog", "pg_class"))).isFalse();
        assertThat(all.includes(new TableName("information_schema", "tables"))).isFalse();
    }

    @Test
    void exclude_wins() {
        TablePatterns patterns = TablePatterns.of(List.of("a*", "b"), List.of("ab*"));
        assertThat(patterns.includes(new TableName("public", "aa"))).isTrue();
        assertThat(patterns.includes(new TableName("public", "abc"))).isFalse();
        assertThat(patterns.includes(new TableName("public", "b"))).isTrue();
        assertThat(patterns.includes(new TableName("public", "c"))).isFalse();
    }

    @Test
    void patternsThatMatchNothing_areNamedAsGiven() {
        TablePatterns patterns =
                TablePatterns.of(List.of("A*", "nosuch", "a1"), List.of("a1", "Gone.*"));
        List<TableName> tables =
                List.of(new TableName("public", "a1"), new TableName("pg_catalog", "nosuch"));
        assertThat(patterns.unmatchedIncludes(tables)).containsExactly("nosuch");
        assertThat(patterns.unmatchedExcludes(tables)).containsExactly("Gone.*");
        assertThat(patterns.unmatched(tables)).containsExactly("nosuch", "Gone.*");
        assertThat(patterns.unmatched(List.of())).hasSize(5);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                ".",
                "a.",
                ".b",
                "db.s.t",
                "\"a",
                "a\"b\"\"",
                "(a",
                "a)",
                "[a",
                "[[:nosuch:]]",
                "[[:",
                "a{2",
                "\\",
                "+",
                "[z-a]",
            })
    void patternThatCannotBeUnderstood_isNamed(String pattern) {
        assertThatThrownBy(() -> TablePatterns.of(List.of(), List.of(pattern)))
                .isInstanceOfSatisfying(
                        WarpException.class,
                        e -> {
                            assertThat(e.code()).isEqualTo(ErrorCode.USAGE);
                            assertThat(e.getMessage()).contains("'" + pattern + "'");
                            assertThat(e.hints()).isNotEmpty();
                        });
    }
}
