package warp.cli;

import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import warp.error.ErrorCode;
import warp.error.WarpException;

/**
 * The words of the command line before they are understood. The ancestor took long switches with
 * one dash or two.
 */
final class RawWords {

    private static final Pattern LONG =
            Pattern.compile("-{1,3}([a-zA-Z][a-zA-Z-]*)(=.*)?", Pattern.DOTALL);

    private RawWords() {}

    /**
     * {@code -source=…} becomes {@code --source=…}; values and words that are no switch stay.
     *
     * @throws WarpException USAGE for a switch given twice, or a flag with a value
     */
    static List<String> normalise(List<String> words) {
        List<String> normal = new ArrayList<>();
        Set<Switch> seen = EnumSet.noneOf(Switch.class);
        boolean value = false;
        for (int i = 0; i < words.size(); i++) {
            String word = words.get(i);
            String name = value ? word : withTwoDashes(word);
            Optional<Switch> known = value ? Optional.empty() : switchOf(name);
            boolean open =
                    known.filter(it -> it.kind() == Switch.Kind.OPTIONAL_VALUE).isPresent()
                            && name.indexOf('=') < 0;
            if (open && i + 1 < words.size() && isCommand(words.get(i + 1))) {
                // A command is not taken for the name of the log file.
                name += "=";
            }
            if (known.isPresent()) {
                check(known.get(), name, seen);
            }
            normal.add(name);
            // The word after it is the switch's value, which is nobody's to rewrite.
            value = known.filter(Switch::needsValue).isPresent() && name.indexOf('=') < 0;
        }
        return normal;
    }

    private static String withTwoDashes(String word) {
        Matcher matcher = LONG.matcher(word);
        if (!matcher.matches() || Switch.allNames().contains(word)) {
            return word;
        }
        String name = "--" + matcher.group(1);
        String rest = matcher.group(2) == null ? "" : matcher.group(2);
        return Switch.named(name).isPresent() ? name + rest : word;
    }

    private static boolean isCommand(String word) {
        return Command.named(word).isPresent();
    }

    /** The switch that a word names, up to its {@code =}. */
    static Optional<Switch> switchOf(String word) {
        int equals = word.indexOf('=');
        return Switch.named(equals < 0 ? word : word.substring(0, equals));
    }

    private static void check(Switch known, String word, Set<Switch> seen) {
        if (known.kind() == Switch.Kind.FLAG && word.indexOf('=') >= 0) {
            throw new WarpException(ErrorCode.USAGE, known.longName() + " takes no value");
        }
        boolean again = !seen.add(known);
        if (again && known.kind() != Switch.Kind.FLAG && known.kind() != Switch.Kind.LIST) {
            throw new WarpException(ErrorCode.USAGE, known.longName() + " is given twice");
        }
    }
}
