package warp.sql;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class VisibleTextTest {

    @Test
    void ordinaryText_isReturnedAsItIs() {
        String text = "ALTER TABLE \"große Tabelle\" ADD \"co\\l\" text DEFAULT 'it''s 🐘'";

        assertThat(VisibleText.of(text)).isSameAs(text);
    }

    @ParameterizedTest
    @CsvSource(
            quoteCharacter = '~',
            textBlock =
                    """
                    DROP TABLE "a<LF>b\\c""d", DROP TABLE U&"a\\000ab\\\\c""d"
                    COMMENT ON x IS 'a<ESC>[2J''\\', COMMENT ON x IS U&'a\\001b[2J''\\\\'
                    SELECT E'a<LF>\\'b', SELECT E'a\\n\\'b'
                    SELECT e'a\\<LF>b', SELECT e'a\\nb'
                    SELECT U&"a\\0041<LF>", SELECT U&"a\\0041\\000a"
                    AS $x$ it's<LF>\\ $x$;, AS E' it\\'s\\n\\\\ ';
                    the role's name<LF>it has 'x<ESC>', the role's name\\nit has U&'x\\001b'
                    a quote " that<LF>never ends, a quote " that\\nnever ends
                    an amount of $5<LF>and $6, an amount of $5\\nand $6
                    SELECT "<TAG>" '<TAG>' <TAG>, SELECT U&"\\+0e0041" U&'\\+0e0041' \\U000e0041
                    <BIDI>"safe"<BIDI>, \\u202e"safe"\\u202e
                    """)
    void sqlInTheText_remainsSqlForTheSame(String text, String visible) {
        String hostile =
                text.replace("<LF>", "\n")
                        .replace("<ESC>", "\u001b")
                        .replace("<BIDI>", "\u202e")
                        .replace("<TAG>", Character.toString(0xe0041));

        assertThat(VisibleText.of(hostile)).isEqualTo(visible);
    }

    @Test
    void aStatement_isOneLine() {
        assertThat(VisibleText.statement("CREATE VIEW v AS\n\tSELECT 'a\nb'"))
                .isEqualTo("CREATE VIEW v AS  SELECT U&'a\\000ab'");
        assertThat(VisibleText.statement("SELECT 1 -- one\n + 2"))
                .isEqualTo("SELECT 1 -- one\\n + 2");
        assertThat(VisibleText.statement("SELECT '--'\n")).isEqualTo("SELECT '--' ");
    }
}
