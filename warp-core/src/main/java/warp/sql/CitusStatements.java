package warp.sql;

import java.util.List;
import warp.model.TableName;

/** What a Citus coordinator needs beside what every server understands. */
public final class CitusStatements {

    /**
     * SET LOCAL reaches the workers as well, where the rows are; and a statement on many shards,
     * such as TRUNCATE, goes over one connection a worker, without which the same transaction may
     * not touch a reference table any more ("Configuration Reference" in Citus' manual).
     */
    public static final String SESSION =
            "SET citus.propagate_set_commands = 'local'; SET citus.multi_shard_modify_mode ="
                    + " 'sequential'";

    /** In a transaction block: triggers and foreign keys of the shards rest. */
    public static final String LOCAL_REPLICA_ROLE =
            "SET LOCAL session_replication_role = 'replica'";

    private CitusStatements() {}

    /** For a person: how a table is distributed. */
    public static String distribute(TableName table, String column) {
        return "SELECT create_distributed_table(%s, %s);"
                .formatted(
                        Identifiers.literal(Identifiers.qualified(table)),
                        Identifiers.literal(column));
    }

    /** For a person: how tables are made reference tables. */
    public static String refer(List<TableName> tables) {
        return "SELECT create_reference_table(%s);"
                .formatted(Identifiers.literal(Identifiers.qualified(tables.getFirst())));
    }
}
