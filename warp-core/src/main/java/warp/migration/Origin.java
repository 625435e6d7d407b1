package warp.migration;

import warp.config.ConnectionSettings;
import warp.config.MigrationSettings;
import warp.error.ErrorCode;
import warp.error.WarpException;
import warp.model.OutputPlugin;
import warp.model.Phase;
import warp.model.ServerVersion;
import warp.model.Side;
import warp.plan.TableRules;
import warp.state.MigrationRecord;

/** Where a migration comes from, which it is known by. */
final class Origin {

    private Origin() {}

    /** What is noted down of a migration that begins. */
    static MigrationRecord begin(
            MigrationSettings settings, ServerVersion source, Walsender.Cluster cluster) {
        ConnectionSettings where = settings.source();
        return new MigrationRecord(
                settings.slot(),
                cluster.system(),
                where.database(),
                where.hosts().getFirst().toString(),
                OutputPlugin.of(source),
                Phase.PREPARE,
                TableRules.of(settings.options().rules()).text(),
                null);
    }

    /**
     * That what is known of a slot is of the same source.
     *
     * @throws WarpException STATE where it is of another
     */
    static void requireSame(MigrationRecord known, MigrationRecord here) {
        if (!known.sameSource(here.sourceSystem(), here.sourceDatabase())) {
            throw new WarpException(
                            ErrorCode.STATE,
                            "slot %s belongs to a migration from %s/%s, not from %s/%s"
                                    .formatted(
                                            known.slot(),
                                            known.sourceAddress(),
                                            known.sourceDatabase(),
                                            here.sourceAddress(),
                                            here.sourceDatabase()))
                    .at(Side.DESTINATION)
                    .hint("Give this migration a name of its own: --slot=NAME.")
                    .hint("Or give up the other one: the same command with --clean.");
        }
    }
}
