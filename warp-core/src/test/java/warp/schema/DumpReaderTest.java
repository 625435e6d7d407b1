package warp.schema;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.io.StringReader;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Texts as pg_dump --verbose writes them. */
class DumpReaderTest {

    private static final String HEAD =
            """
            --
            -- TOC entry 7 (class 1259 OID 16520)
            -- Dependencies: 2 3
            -- Name: %s; Type: %s; Schema: %s; Owner: app
            --

            """;

    private static List<DumpEntry> read(String text) throws IOException {
        DumpReader reader = new DumpReader(new StringReader(text));
        List<DumpEntry> entries = new ArrayList<>();
        Optional<DumpEntry> next = reader.next();
        while (next.isPresent()) {
            entries.add(next.get());
            next = reader.next();
        }
        return entries;
    }

    @Test
    void entries_haveTheirNameAndStatements() throws IOException {
        String text =
                """
                --
                -- PostgreSQL database dump
                --

                \\restrict aBc

                SET client_encoding = 'UTF8';
                SELECT pg_catalog.set_config('search_path', '', false);

                """
                        + HEAD.formatted("orders", "TABLE", "shop")
                        + """
                        CREATE TABLE shop.orders (
                            id integer -- the key; really
                        );


                        ALTER TABLE shop.orders OWNER TO app;

                        SET default_tablespace = '';

                        """
                        + HEAD.formatted("TABLE orders", "COMMENT", "shop")
                        + "COMMENT ON TABLE shop.orders IS 'x';\n\n\\unrestrict aBc\n";

        List<DumpEntry> entries = read(text);

        assertThat(entries).extracting(DumpEntry::type).containsExactly("", "TABLE", "COMMENT");
        assertThat(entries.getFirst().statements())
                .containsExactly(
                        "SET client_encoding = 'UTF8'",
                        "SELECT pg_catalog.set_config('search_path', '', false)");
        assertThat(entries.get(1).label()).isEqualTo("TABLE shop.orders");
        assertThat(entries.get(1).statements())
                .containsExactly(
                        "CREATE TABLE shop.orders (\n    id integer -- the key; really\n)",
                        "ALTER TABLE shop.orders OWNER TO app",
                        "SET default_tablespace = ''");
        assertThat(entries.get(2).statements())
                .containsExactly("COMMENT ON TABLE shop.orders IS 'x'");
    }

    @Test
    void nameThatLooksLikeTheHead_isTakenWhole() throws IOException {
        DumpEntry entry =
                read(HEAD.formatted("a; Type: VIEW; Schema: b; Owner: c", "TABLE", "odd \"s"))
                        .getLast();

        assertThat(entry.label()).isEqualTo("TABLE odd \"s.a; Type: VIEW; Schema: b; Owner: c");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "CREATE TABLE \"a;\n--\n-- TOC entry 1 (class 1 OID 1)\n\" ()",
                "COMMENT ON TABLE a IS 'it''s;\n-- TOC entry 1 (class 1 OID 1)\n'",
                "COMMENT ON TABLE a IS E'it\\'s;\n\\\\'",
                "COMMENT ON TABLE a IS 'back\\'",
                "CREATE FUNCTION f() RETURNS void LANGUAGE plpgsql AS $_$ begin; $$ ;\n$_$",
                "CREATE FUNCTION f() RETURNS void LANGUAGE sql AS $$\n-- TOC entry 1\n;$$",
                "CREATE VIEW a$b AS SELECT 1 AS c$d, $1, '$$'",
                "CREATE RULE r AS ON INSERT TO t DO (SELECT 1; SELECT 2;)",
                "CREATE VIEW v AS SELECT 1 /* ; /* ; */ ; */ AS x",
                "CREATE FUNCTION f(a integer) RETURNS integer LANGUAGE sql BEGIN ATOMIC"
                        + " SELECT CASE WHEN a = 1 THEN 2 ELSE 3 END AS \"end\"; SELECT 4;\nEND",
                "CREATE OR REPLACE PROCEDURE p() LANGUAGE sql\n    BEGIN ATOMIC\n SELECT 1;\nEND",
            })
    void semicolonsInsideOfSomething_doNotCut(String statement) throws IOException {
        List<DumpEntry> entries =
                read(HEAD.formatted("x", "ANY", "s") + statement + ";\n\nSELECT 2;\n");

        assertThat(entries).hasSize(2);
        assertThat(entries.getLast().statements()).containsExactly(statement, "SELECT 2");
    }

    /** Warp is not psql: a server that makes pg_dump write such lines has nothing run here. */
    @ParameterizedTest
    @ValueSource(
            strings = {
                "\\! touch x",
                "\\restrict aBc",
                "\\connect other",
                "\\copy t from program 'touch x'",
                "\\o |touch x",
            })
    void linesForPsql_areDropped(String line) throws IOException {
        List<DumpEntry> entries =
                read(
                        line
                                + "\n"
                                + HEAD.formatted("x", "ANY", "s")
                                + line
                                + "\nSELECT 1;\n"
                                + line
                                + "\nSELECT '\n"
                                + line
                                + "\n';\n");

        assertThat(entries).extracting(DumpEntry::statements).hasSize(2);
        assertThat(entries.getLast().statements())
                .containsExactly("SELECT 1", "SELECT '\n" + line + "\n'");
    }

    @Test
    void textThatBreaksOff_isAnError() {
        assertThatThrownBy(() -> read("COMMENT ON TABLE a IS 'x"))
                .isInstanceOf(IOException.class)
                .hasMessageContaining("ends within a statement");
    }
}
