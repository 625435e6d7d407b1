package warp.scenarios;

import static org.assertj.core.api.Assertions.assertThat;

import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Queries whose rows must be the same at both sides: after {@code -- source} the one for the
 * source, after {@code -- destination} its counterpart; after {@code -- both} one for both.
 */
record QueryPairs(List<Pair> pairs) {

    private static final Pattern SECTION =
            Pattern.compile(
                    "^-- (source|destination|both)\\n(.*?)(?=^--"
                            + " (?:source|destination|both)\\n|\\z)",
                    Pattern.MULTILINE | Pattern.DOTALL);

    private record Pair(String source, String destination) {}

    static QueryPairs of(String text) {
        List<Pair> pairs = new ArrayList<>();
        String source = "";
        Matcher sections = SECTION.matcher(text);
        while (sections.find()) {
            String query = sections.group(2).strip();
            switch (sections.group(1)) {
                case "both" -> pairs.add(new Pair(query, query));
                case "source" -> source = query;
                default -> pairs.add(new Pair(source, query));
            }
        }
        if (pairs.isEmpty()) {
            throw new IllegalArgumentException("expected.sql has no pair of queries");
        }
        return new QueryPairs(pairs);
    }

    void check(Connection source, Connection destination) throws SQLException {
        for (Pair pair : pairs) {
            assertThat(Scene.rows(destination, pair.destination()))
                    .as(pair.destination())
                    .isNotEmpty()
                    .isEqualTo(Scene.rows(source, pair.source()));
        }
    }
}
