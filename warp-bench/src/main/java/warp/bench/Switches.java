package warp.bench;

import java.nio.file.Path;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import warp.sandbox.PostgresBinaries;
import warp.sandbox.SandboxException;

/**
 * The switches behind the word that says what to measure: one dash or two, {@code --name=value} or
 * {@code --name value}; flags have no value. All methods throw {@link IllegalArgumentException}
 * with one line for the user, when something is wrong.
 */
record Switches(Map<String, String> values, Set<String> flags) {

    /** Older ones lack what checksums and recordings need. */
    private static final double OLDEST_VERSION = 12;

    static Switches parse(List<String> arguments, Set<String> knownValues, Set<String> knownFlags) {
        Map<String, String> values = new HashMap<>();
        Set<String> flags = new HashSet<>();
        Iterator<String> rest = arguments.iterator();
        while (rest.hasNext()) {
            String argument = rest.next();
            int equals = argument.indexOf('=');
            String dashed = equals < 0 ? argument : argument.substring(0, equals);
            String name = dashed.replaceFirst("^--?", "");
            if (!name.equals(dashed) && equals < 0 && knownFlags.contains(name)) {
                flags.add(name);
                continue;
            }
            if (name.equals(dashed) || !knownValues.contains(name)) {
                throw new IllegalArgumentException("there is no switch \"" + dashed + "\" here");
            }
            if (equals < 0 && !rest.hasNext()) {
                throw new IllegalArgumentException(dashed + " needs a value");
            }
            values.put(name, equals < 0 ? rest.next() : argument.substring(equals + 1));
        }
        return new Switches(values, flags);
    }

    boolean has(String flag) {
        return flags.contains(flag);
    }

    int number(String name, int otherwise, int most) {
        @Nullable String text = values.get(name);
        return text == null ? otherwise : number(name, text, most);
    }

    /** From 1 on. */
    static int number(String name, String text, int most) {
        if (text.matches("\\d{1,9}")) {
            int number = Integer.parseInt(text);
            if (number >= 1 && number <= most) {
                return number;
            }
        }
        throw new IllegalArgumentException(
                "--%s is a number from 1 to %d, not \"%s\"".formatted(name, most, text));
    }

    /** One of these by its word, several with commas between, or {@code all}. */
    <T> List<T> choice(String name, List<T> all, List<T> otherwise, Function<T, String> word) {
        @Nullable String text = values.get(name);
        if (text == null) {
            return otherwise;
        }
        if (text.equals("all")) {
            return all;
        }
        return List.of(text.split(",", -1)).stream()
                .map(each ->
                        all.stream()
                                .filter(one -> word.apply(one).equals(each))
                                .findFirst()
                                .orElseThrow(() ->
                                        new IllegalArgumentException(
                                                "--%s is one of %s, all, not \"%s\""
                                                        .formatted(
                                                                name,
                                                                String.join(
                                                                        ", ",
                                                                        all.stream()
                                                                                .map(word)
                                                                                .toList()),
                                                                each))))
                .toList();
    }

    /** The server's programs in a folder of this machine, if one is named. */
    Optional<PostgresBinaries> programs() {
        @Nullable String folder = values.get("server-bin");
        if (folder == null) {
            return Optional.empty();
        }
        if (values.containsKey("version")) {
            throw new IllegalArgumentException(
                    "--version does not go with --server-bin: its programs are of one version");
        }
        try {
            PostgresBinaries programs = PostgresBinaries.installed(Path.of(folder));
            if (Double.parseDouble(programs.major()) < OLDEST_VERSION) {
                throw new IllegalArgumentException(
                        "--server-bin: servers are 12 or newer, not %s: %s"
                                .formatted(programs.version(), folder));
            }
            return Optional.of(programs);
        } catch (SandboxException problem) {
            throw new IllegalArgumentException("--server-bin: " + problem.getMessage(), problem);
        }
    }

    Optional<String> version() {
        @Nullable String text = values.get("version");
        if (text == null) {
            return Optional.empty();
        }
        List<String> known =
                PostgresBinaries.majors().stream()
                        .filter(v -> Double.parseDouble(v) >= OLDEST_VERSION)
                        .toList();
        if (!known.contains(text)) {
            throw new IllegalArgumentException(
                    "--version is one of %s, not \"%s\"".formatted(String.join(", ", known), text));
        }
        return Optional.of(text);
    }
}
