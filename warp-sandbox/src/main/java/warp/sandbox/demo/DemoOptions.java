package warp.sandbox.demo;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;
import warp.sandbox.PostgresBinaries;

/**
 * What the demo was asked for.
 *
 * @param keep leave the servers up until Ctrl-C
 * @param sourceVersion one of {@link PostgresBinaries#majors}, as is {@code destinationVersion}
 * @param seed of the shop's random load
 * @param help only print the usage
 */
record DemoOptions(
        boolean keep, String sourceVersion, String destinationVersion, long seed, boolean help) {

    static final String USAGE =
            """
            Usage: warp demo [--keep] [--source-version V] [--destination-version V] [--seed N]

            Starts two real PostgreSQL servers, moves a shop that stays open from one to the other,
            checks that both are equal, and stops.

              --keep                   leave both servers up, until Ctrl-C
              --source-version V       %s; 13 if not said
              --destination-version V  the same; %s if not said
              --seed N                 another random load
              --help                   this text
            """
                    .formatted(
                            String.join(", ", PostgresBinaries.majors()),
                            PostgresBinaries.newest());

    /**
     * Reads switches: one dash or two, {@code --name=value} or {@code --name value}.
     *
     * @throws IllegalArgumentException with one line for the user, when one is wrong
     */
    static DemoOptions parse(List<String> arguments) {
        boolean keep = false;
        String source = "13";
        String destination = PostgresBinaries.newest();
        long seed = 1;
        boolean help = false;
        Deque<String> rest = new ArrayDeque<>(arguments);
        while (!rest.isEmpty()) {
            String argument = rest.removeFirst();
            int equals = argument.indexOf('=');
            String name = equals < 0 ? argument : argument.substring(0, equals);
            @Nullable String value = equals < 0 ? null : argument.substring(equals + 1);
            switch (name.replaceFirst("^--?", "--").toLowerCase(Locale.ROOT)) {
                case "--keep" -> keep = withoutValue(name, value);
                case "--help", "--h" -> help = withoutValue(name, value);
                case "--source-version" -> source = version(name, value(name, value, rest));
                case "--destination-version" ->
                        destination = version(name, value(name, value, rest));
                case "--seed" -> seed = number(name, value(name, value, rest));
                default ->
                        throw new IllegalArgumentException("demo has no switch \"" + name + "\"");
            }
        }
        return new DemoOptions(keep, source, destination, seed, help);
    }

    private static boolean withoutValue(String name, @Nullable String value) {
        if (value != null) {
            throw new IllegalArgumentException(name + " takes no value");
        }
        return true;
    }

    private static String value(String name, @Nullable String value, Deque<String> rest) {
        if (value != null) {
            return value;
        }
        if (rest.isEmpty()) {
            throw new IllegalArgumentException(name + " needs a value");
        }
        return rest.removeFirst();
    }

    private static String version(String name, String value) {
        if (!PostgresBinaries.majors().contains(value)) {
            throw new IllegalArgumentException(
                    "%s is one of %s, not \"%s\""
                            .formatted(name, String.join(", ", PostgresBinaries.majors()), value));
        }
        return value;
    }

    private static long number(String name, String value) {
        try {
            return Long.parseLong(value);
        } catch (NumberFormatException _) {
            throw new IllegalArgumentException(name + " needs a number, not \"" + value + "\"");
        }
    }
}
