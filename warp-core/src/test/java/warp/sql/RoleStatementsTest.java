package warp.sql;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class RoleStatementsTest {

    @Test
    void listsOfNames_areQuotedOneByOne() {
        assertThat(RoleStatements.set("r", "search_path=\"$user\", public, \"a \"\"b\"\", c\""))
                .isEqualTo(
                        "ALTER ROLE \"r\" SET \"search_path\" TO '$user', 'public', 'a \"b\", c'");
        assertThat(RoleStatements.setInDatabase("d", "search_path=\"\""))
                .isEqualTo("ALTER DATABASE \"d\" SET \"search_path\" TO ''");
        assertThat(RoleStatements.setInDatabase("d", "search_path="))
                .isEqualTo("ALTER DATABASE \"d\" SET \"search_path\" TO ''");
    }

    @Test
    void otherValues_areQuotedWhole() {
        assertThat(RoleStatements.setInDatabase("d", "r", "app.tenant=a, 'b' = c"))
                .isEqualTo(
                        "ALTER ROLE \"r\" IN DATABASE \"d\" SET \"app.tenant\" TO 'a, ''b'' = c'");
    }
}
