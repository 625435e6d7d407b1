package warp.preflight;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Predicate;
import java.util.function.UnaryOperator;
import warp.config.MigrationSettings;
import warp.model.Sequence;
import warp.model.Sequence.Attributes;
import warp.model.SequencePair;
import warp.model.Side;
import warp.model.TableName;
import warp.postgres.SequenceCatalog;
import warp.sql.Hints;
import warp.sql.SequenceStatements;

/**
 * Checks whether the destination's sequences can follow the source's. Nothing of it stands in the
 * way of the rows, so all of it is a warning.
 */
final class SequenceChecks {

    private final ServerFacts source;
    private final ServerFacts destination;
    private final MigrationSettings settings;
    private final UnaryOperator<TableName> receiverOf;
    private final Findings findings;

    /**
     * @param receiverOf what a table of the source is called at the destination
     */
    SequenceChecks(
            ServerFacts source,
            ServerFacts destination,
            MigrationSettings settings,
            UnaryOperator<TableName> receiverOf,
            Findings findings) {
        this.receiverOf = receiverOf;
        this.source = source;
        this.destination = destination;
        this.settings = settings;
        this.findings = findings;
    }

    /**
     * @param chosen the source's sequences that take part
     */
    void run(List<Sequence> chosen) {
        if (chosen.isEmpty()) {
            return;
        }
        List<SequencePair> pairs =
                SequencePair.matching(
                        chosen, SequenceCatalog.sequences(destination.session()), receiverOf);
        checkMissing(chosen, pairs);
        checkPrivileges(pairs);
        checkAttributes(pairs);
        if (!pairs.isEmpty()) {
            findings.note(
                    Side.DESTINATION,
                    Findings.count(pairs.size(), "sequence")
                            + (pairs.size() == 1 ? " follows" : " follow")
                            + " the source: set after the copy, now and then while replicating, and"
                            + " when Warp ends",
                    "let Warp end after applications have stopped writing to the source: then they"
                            + " stand where the source's do");
        }
    }

    private void checkMissing(List<Sequence> chosen, List<SequencePair> pairs) {
        Set<TableName> there = new HashSet<>(names(pairs));
        List<TableName> missing =
                chosen.stream().map(Sequence::name).filter(name -> !there.contains(name)).toList();
        if (!missing.isEmpty()) {
            findings.warning(
                    Side.DESTINATION,
                    Findings.count(missing.size(), "sequence")
                            + (missing.size() == 1 ? " is missing: " : " are missing: ")
                            + Findings.names(missing),
                    Hints.copySchema(
                            settings.source(),
                            settings.destination(),
                            missing.stream().limit(Findings.NAMES_MAX).toList()),
                    "or leave it out: " + Hints.tableSwitch("-T", missing.getFirst()));
        }
    }

    private void checkPrivileges(List<SequencePair> pairs) {
        lacking(
                source,
                pairs.stream().map(SequencePair::source).toList(),
                Sequence::mayRead,
                "read",
                "SELECT");
        lacking(
                destination,
                pairs.stream().map(SequencePair::destination).toList(),
                Sequence::maySet,
                "set",
                "SELECT, UPDATE");
    }

    private void lacking(
            ServerFacts side,
            List<Sequence> sequences,
            Predicate<Sequence> enough,
            String verb,
            String privileges) {
        List<TableName> lacking =
                sequences.stream().filter(Predicate.not(enough)).map(Sequence::name).toList();
        if (lacking.isEmpty()) {
            return;
        }
        TreeSet<String> schemas = new TreeSet<>();
        lacking.forEach(name -> schemas.add(name.schema()));
        findings.warning(
                side.side(),
                "role \"%s\" may not %s %s, so the destination's values will not follow"
                        .formatted(
                                side.roleName(),
                                verb,
                                Findings.count(lacking.size(), "sequence")
                                        + ": "
                                        + Findings.names(lacking)),
                Hints.grantOnSequences(privileges, lacking, side.roleName()),
                "where the role may not look into the schema: "
                        + Hints.grantOnSchemas("USAGE", List.copyOf(schemas), side.roleName()));
    }

    private void checkAttributes(List<SequencePair> pairs) {
        List<Sequence> wanted =
                SequenceCatalog.withAttributes(
                        source.session(), pairs.stream().map(SequencePair::source).toList());
        List<Sequence> found =
                SequenceCatalog.withAttributes(
                        destination.session(),
                        pairs.stream().map(SequencePair::destination).toList());
        List<TableName> different = new ArrayList<>();
        List<String> hints = new ArrayList<>();
        for (int i = 0; i < wanted.size(); i++) {
            Attributes to = wanted.get(i).attributes();
            Attributes from = found.get(i).attributes();
            if (to != null && from != null && SequenceStatements.differ(from, to)) {
                different.add(wanted.get(i).name());
                hints.add(Hints.alterSequence(wanted.get(i).name(), from, to));
            }
        }
        if (!different.isEmpty()) {
            findings.warning(
                    Side.DESTINATION,
                    Findings.count(different.size(), "sequence")
                            + (different.size() == 1 ? " is defined" : " are defined")
                            + " otherwise than at the source: "
                            + Findings.names(different),
                    hints.stream().limit(Findings.NAMES_MAX).toArray(String[]::new));
        }
    }

    private static List<TableName> names(List<SequencePair> pairs) {
        return pairs.stream().map(SequencePair::name).toList();
    }
}
