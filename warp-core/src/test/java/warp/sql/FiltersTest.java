package warp.sql;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import warp.model.Column;

class FiltersTest {

    private static final List<Column> COLUMNS =
            Stream.of("a", "b", "C", "ä b")
                    .map(name -> new Column(name, 1, 25, "text", true, false, false, false, null))
                    .toList();

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '~',
            value = {
                "a = 1 | a",
                "A = 'b' | a",
                "\"C\" < c | C",
                "\"ä b\" = 'a' < 'b' | ä b",
                "x = E'\\'a' AND b | b",
                "x = $$a$$ OR b = $q$ C a $q$ | b",
                "a1 = 1 -- a\\n | ",
                "x /* a */ | a",
                "U&\"x\" = 1 | a,b,C,ä b",
                "f(b) > $1 | b"
            })
    void columnsThatAreNamed_areFound(String filter, String expected) {
        String text = filter.replace("\\n", "\n");
        assertThat(Filters.columnsOf(text, COLUMNS))
                .extracting(Column::name)
                .containsExactly(expected == null ? new String[0] : expected.split(",", -1));
    }
}
