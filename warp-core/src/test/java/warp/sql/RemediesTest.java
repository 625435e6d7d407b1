package warp.sql;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import warp.model.Cloud;

class RemediesTest {

    @Test
    void serverOfOnesOwn_isToldStatements() {
        Remedies own = Remedies.of(Optional.empty());
        assertThat(own.setting("wal_level", "logical"))
                .isEqualTo("ALTER SYSTEM SET wal_level = 'logical'; then restart the server");
        assertThat(own.reloadedSetting("max_slot_wal_keep_size", "10GB"))
                .isEqualTo(
                        "ALTER SYSTEM SET max_slot_wal_keep_size = '10GB'; SELECT"
                                + " pg_reload_conf();");
        assertThat(own.replication("app")).isEqualTo("ALTER ROLE \"app\" REPLICATION;");
        assertThat(own.replicaRole("app", true))
                .first()
                .isEqualTo("GRANT SET ON PARAMETER session_replication_role TO \"app\";");
        assertThat(own.replicaRole("app", false).getFirst())
                .isEqualTo("ALTER ROLE \"app\" SUPERUSER;");
    }

    @ParameterizedTest
    @EnumSource
    void managedService_isNeverToldWhatItForbids(Cloud cloud) {
        Remedies remedies = Remedies.of(Optional.of(cloud));
        List<String> all = new ArrayList<>(remedies.replicaRole("app", true));
        all.add(remedies.setting("wal_level", "logical"));
        all.add(remedies.setting("max_replication_slots", 12));
        assertThat(remedies.reloadedSetting("max_slot_wal_keep_size", "10GB"))
                .doesNotContainPattern("reboot|restart|ALTER SYSTEM");
        all.add(remedies.replication("app"));
        all.add(remedies.extension(List.of("hstore")));
        assertThat(all)
                .allSatisfy(text ->
                        assertThat(text)
                                .isNotBlank()
                                .doesNotContain("ALTER SYSTEM")
                                .doesNotContain("SUPERUSER")
                                .doesNotContain("apt-get"));
        assertThat(remedies.replicaRole("app", true).getLast()).contains("--without-replica-role");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "RDS | set rds.logical_replication = 1 in the parameter group, then reboot",
                "AURORA | rds.logical_replication = 1 in the DB cluster parameter group",
                "AZURE_FLEXIBLE | flexible-server parameter set -g GROUP -s SERVER --name wal_level"
                        + " --value logical",
                "AZURE_SINGLE | --name azure.replication_support --value logical",
                "CLOUD_SQL | --database-flags=cloudsql.logical_decoding=on",
                "ALLOYDB | --database-flags=alloydb.logical_decoding=on",
                "HEROKU | has no logical replication",
                "NEON | enable logical replication in the project's settings",
            })
    void loggingOfChanges_isCalledWhatTheServiceCallsIt(Cloud cloud, String words) {
        assertThat(Remedies.of(Optional.of(cloud)).setting("wal_level", "logical")).contains(words);
    }

    @Test
    void grants_areThoseOfTheService() {
        assertThat(Remedies.of(Optional.of(Cloud.RDS)).replication("app"))
                .isEqualTo("GRANT \"rds_replication\" TO \"app\";");
        assertThat(Remedies.of(Optional.of(Cloud.AZURE_FLEXIBLE)).replication("app"))
                .endsWith("ALTER ROLE \"app\" WITH REPLICATION;");
        assertThat(Remedies.of(Optional.of(Cloud.AZURE_FLEXIBLE)).extension(List.of("a", "b")))
                .contains("--name azure.extensions --value a,b");
    }
}
