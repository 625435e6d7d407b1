package warp.copy.staging;

/**
 * The migration that files belong to.
 *
 * @param system the source cluster's system identifier
 * @param database the source's database
 * @param slot the migration's name
 */
public record StagedMigration(String system, String database, String slot) {

    /** For people. */
    @Override
    public String toString() {
        return "slot %s from database %s of cluster %s".formatted(slot, database, system);
    }
}
