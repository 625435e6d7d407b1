package warp.preflight;

import java.util.List;
import warp.model.IdentityChange;
import warp.model.Table;
import warp.model.TableName;
import warp.model.TablePair;
import warp.plan.Pairing;

/**
 * What the preparation checks found.
 *
 * @param findings errors first
 * @param chosen the source's tables that take part, by name
 * @param tables the tables that take part and exist on both sides, by name
 * @param notEmpty tables of the destination that hold rows; none where resuming or where only
 *     replication is asked for
 * @param identities what is to be altered at the source, as asked for
 * @param pairing who receives what
 */
public record PreflightReport(
        List<Finding> findings,
        List<Table> chosen,
        List<TablePair> tables,
        List<TableName> notEmpty,
        List<IdentityChange> identities,
        Pairing pairing) {

    public PreflightReport {
        findings = List.copyOf(findings);
        chosen = List.copyOf(chosen);
        tables = List.copyOf(tables);
        notEmpty = List.copyOf(notEmpty);
        identities = List.copyOf(identities);
    }

    public boolean hasErrors() {
        return !of(Finding.Severity.ERROR).isEmpty();
    }

    /** The findings of one severity. */
    public List<Finding> of(Finding.Severity severity) {
        return findings.stream().filter(finding -> finding.severity() == severity).toList();
    }
}
