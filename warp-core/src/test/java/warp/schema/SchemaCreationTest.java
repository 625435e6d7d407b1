package warp.schema;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;

class SchemaCreationTest {

    private static final List<String> GRANTS =
            List.of(
                    "GRANT SELECT ON TABLE t TO a",
                    "SET SESSION AUTHORIZATION a",
                    "GRANT SELECT ON TABLE t TO b",
                    "GRANT SELECT ON TABLE t TO c",
                    "RESET SESSION AUTHORIZATION",
                    "SET check_function_bodies = false",
                    "GRANT SELECT ON TABLE t TO d");

    @Test
    void whatIsLeftOfAnEntry_keepsTheRoleItIsRunAs() {
        assertThat(SchemaCreation.from(GRANTS, 3))
                .containsExactly(
                        "SET SESSION AUTHORIZATION a",
                        "GRANT SELECT ON TABLE t TO c",
                        "RESET SESSION AUTHORIZATION",
                        "GRANT SELECT ON TABLE t TO d");
        assertThat(SchemaCreation.from(GRANTS, 6)).containsExactly("GRANT SELECT ON TABLE t TO d");
        assertThat(SchemaCreation.from(GRANTS, 0)).hasSize(6);
    }
}
