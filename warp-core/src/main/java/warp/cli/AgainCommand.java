package warp.cli;

import java.util.EnumSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.regex.Pattern;
import warp.config.ConnectionSettings;
import warp.migration.NextStep;

/**
 * The command line of a migration as a person would type it again, without what was asked just now,
 * and without a secret: a URL that may hold one is written as what is known of it otherwise, so
 * that the password comes from where libpq looks for it.
 */
final class AgainCommand {

    private static final Set<Switch> LEFT_OUT =
            EnumSet.of(
                    Switch.CONFIG,
                    Switch.SLOT,
                    Switch.UNTIL,
                    Switch.JSON,
                    Switch.WATCH,
                    Switch.TESTING,
                    Switch.YES,
                    Switch.HELP,
                    Switch.VERSION);

    private static final Pattern MAY_HOLD_A_SECRET =
            Pattern.compile(".*(://[^/@]*:[^@]*@|password).*", Pattern.DOTALL);

    private static final Pattern PLAIN = Pattern.compile("[A-Za-z0-9_./:=@,%+-]+");

    private AgainCommand() {}

    static NextStep.Again of(String program, Invocation invocation, MigrationPlan plan) {
        StringBuilder words = new StringBuilder(program);
        plan.configFile()
                .filter(_ -> invocation.has(Switch.CONFIG))
                .ifPresent(file -> words.append(" --config=").append(quoted(file.toString())));
        for (Switch each : Switch.values()) {
            if (invocation.has(each) && !LEFT_OUT.contains(each)) {
                append(words, each, invocation.values(each), plan);
            }
        }
        return new NextStep.Again(words.toString(), plan.settings().slot());
    }

    private static void append(
            StringBuilder words, Switch name, List<String> values, MigrationPlan plan) {
        for (String value : values) {
            words.append(' ').append(name.longName());
            String shown =
                    switch (name) {
                        case SOURCE -> url(value, plan.settings().source());
                        case DESTINATION -> url(value, plan.settings().destination());
                        default -> value;
                    };
            if (name.kind() != Switch.Kind.FLAG && !value.isEmpty()) {
                words.append('=').append(quoted(shown));
            }
        }
    }

    private static String url(String given, ConnectionSettings known) {
        if (!MAY_HOLD_A_SECRET.matcher(given.toLowerCase(Locale.ROOT)).matches()) {
            return given;
        }
        List<String> hosts = known.hosts().stream().map(host -> host.host()).toList();
        List<String> ports = known.hosts().stream().map(host -> "" + host.port()).toList();
        return "host=%s port=%s dbname=%s user=%s sslmode=%s"
                .formatted(
                        value(String.join(",", hosts)),
                        String.join(",", ports),
                        value(known.database()),
                        value(known.user()),
                        known.tls().mode());
    }

    /** As libpq reads it in a string of keys and values. */
    private static String value(String text) {
        return PLAIN.matcher(text).matches()
                ? text
                : "'" + text.replace("\\", "\\\\").replace("'", "\\'") + "'";
    }

    /** As a shell reads it. */
    private static String quoted(String text) {
        return PLAIN.matcher(text).matches() ? text : "'" + text.replace("'", "'\\''") + "'";
    }
}
