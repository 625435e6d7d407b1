package warp.migration;

import java.util.List;
import java.util.stream.Collectors;
import warp.config.MigrationSettings;
import warp.error.ErrorCode;
import warp.error.WarpException;
import warp.extensions.ConfigTables;
import warp.extensions.ConfigTables.Brought;
import warp.model.Side;
import warp.model.TableName;
import warp.postgres.Session;
import warp.progress.EventLog;
import warp.progress.Prompt;

/** Rows of users in tables of extensions: they come along with the whole database. */
record ExtensionRows(MigrationSettings settings, Ends ends, EventLog log) {

    private boolean wanted() {
        return settings.options().wholeDatabase() && !settings.options().skipInitialSync();
    }

    /**
     * Asks whether rows of the destination may be replaced, where there are other ones.
     *
     * @throws WarpException REFUSED where the answer is not yes
     */
    void requireConsent(Session source, Session destination, Prompt prompt) {
        List<TableName> filled = wanted() ? ConfigTables.filled(source, destination) : List.of();
        if (filled.isEmpty() || settings.assumeYes()) {
            return;
        }
        String question =
                "Replace on destination %s rows of extensions: %s"
                        .formatted(settings.destination().display(), names(filled));
        if (!prompt.confirm(question)) {
            throw new WarpException(
                            ErrorCode.REFUSED,
                            "the rows of the destination's extensions may not be replaced: nothing"
                                    + " was changed")
                    .at(Side.DESTINATION)
                    .hint("Answer yes, or give --yes; or choose tables with -t.");
        }
    }

    /** Makes the destination's like the source's are now, and says what came of it. */
    void bring(Session source, Session destination) {
        if (!wanted()) {
            return;
        }
        Brought brought =
                ConfigTables.bring(source, destination, ends.source(), ends.destination());
        if (!brought.brought().isEmpty()) {
            log.info("Brought rows of extensions: " + names(brought.brought()));
        }
        brought.refused()
                .forEach(refused ->
                        log.warn(
                                "the rows of %s, which belongs to an extension, could not be"
                                                .formatted(refused.table())
                                        + " brought: "
                                        + refused.problem().summary(),
                                List.of("pg_dump -a -t … | psql … as a role that may")));
    }

    private static String names(List<TableName> tables) {
        return tables.stream().map(TableName::toString).collect(Collectors.joining(", "));
    }
}
