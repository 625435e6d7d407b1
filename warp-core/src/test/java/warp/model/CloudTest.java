package warp.model;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import warp.model.Cloud.Found;

class CloudTest {

    @ParameterizedTest
    @CsvSource({
        "role, rds_superuser, RDS",
        "setting, rds.logical_replication, RDS",
        "function, aurora_version, AURORA",
        "role, azure_pg_admin, AZURE_FLEXIBLE",
        "setting, azure.extensions, AZURE_FLEXIBLE",
        "setting, azure.replication_support, AZURE_SINGLE",
        "role, azure_superuser, AZURE_SINGLE",
        "role, cloudsqlsuperuser, CLOUD_SQL",
        "setting, cloudsql.logical_decoding, CLOUD_SQL",
        "role, alloydbsuperuser, ALLOYDB",
        "schema, _heroku, HEROKU",
        "role, supabase_admin, SUPABASE",
        "role, neon_superuser, NEON",
        "role, _dodb, DIGITALOCEAN",
        "role, avnadmin, AIVEN"
    })
    void oneMark_tellsTheService(String kind, String name, Cloud expected) {
        assertThat(Cloud.of(found(kind, name))).contains(expected);
    }

    @Test
    void serverWithoutMarks_isOnesOwn() {
        assertThat(Cloud.of(found("role", "postgres"))).isEmpty();
        // Dumps of Heroku bring this schema along to whatever server they are restored to.
        assertThat(Cloud.of(found("schema", "heroku_ext"))).isEmpty();
    }

    @Test
    void serviceBuiltUponAnother_isTheMoreSpecialOne() {
        Found aurora =
                new Found(Set.of("rds_superuser"), Set.of(), Set.of(), Set.of("aurora_version"));
        assertThat(Cloud.of(aurora)).contains(Cloud.AURORA);
        Found single =
                new Found(
                        Set.of("azure_pg_admin", "azure_superuser"), Set.of(), Set.of(), Set.of());
        assertThat(Cloud.of(single)).contains(Cloud.AZURE_SINGLE);
        Found alloy =
                new Found(
                        Set.of("cloudsqlsuperuser", "alloydbsuperuser"),
                        Set.of(),
                        Set.of(),
                        Set.of());
        assertThat(Cloud.of(alloy)).contains(Cloud.ALLOYDB);
    }

    @ParameterizedTest
    @EnumSource
    void everyService_hasMarks(Cloud cloud) {
        Cloud.Marks marks = cloud.marks();
        assertThat(
                        marks.roles().size()
                                + marks.schemas().size()
                                + marks.settings().size()
                                + marks.functions().size())
                .isPositive();
    }

    private static Found found(String kind, String name) {
        return new Found(
                kind.equals("role") ? Set.of(name) : Set.of(),
                kind.equals("schema") ? Set.of(name) : Set.of(),
                kind.equals("setting") ? Set.of(name) : Set.of(),
                kind.equals("function") ? Set.of(name) : Set.of());
    }
}
