package warp.ddl;

import warp.model.ServerVersion;
import warp.model.Table;
import warp.model.TableName;
import warp.model.TableRule;

/**
 * A table of the destination that receives one of the source.
 *
 * @param altered what is altered to alter it: of a partition the topmost table above it, since it
 *     has the columns of that
 * @param rule what columns are called there, and which of them travel
 * @param version of the server
 */
public record ReceivingTable(
        Table table, TableName altered, TableRule rule, ServerVersion version) {}
