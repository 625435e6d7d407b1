package warp.postgres;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;
import warp.model.ServerVersion;

class CatalogQueryTest {

    private static final CatalogQuery QUERY =
            CatalogQuery.parse(
                    """
                    -- What it is about.
                    SELECT a,
                        b, --9.5+
                        false AS b, --<9.5
                        c --12+
                        true AS c --<12
                    """);

    @Test
    void lines_areKeptForTheVersionsTheyAreFor() {
        assertThat(QUERY.textFor(new ServerVersion(90426)))
                .isEqualTo("SELECT a,\n    false AS b,\n    true AS c");
        assertThat(QUERY.textFor(new ServerVersion(90500)))
                .isEqualTo("SELECT a,\n    b,\n    true AS c");
        assertThat(QUERY.textFor(new ServerVersion(120000))).isEqualTo("SELECT a,\n    b,\n    c");
    }

    @Test
    void missingFile_isRejected() {
        assertThatThrownBy(() -> CatalogQuery.of(CatalogQueryTest.class, "nothing"))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("nothing");
    }
}
