package warp.cli;

import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** The ancestor took long switches with one dash or two; picocli takes two. */
final class DashStyle {

    private static final Pattern LONG =
            Pattern.compile("-{1,3}([a-zA-Z][a-zA-Z-]*)(=.*)?", Pattern.DOTALL);

    private DashStyle() {}

    /** {@code -source=…} becomes {@code --source=…}; words that are no long switch stay. */
    static List<String> normalise(List<String> arguments) {
        List<String> normal = new ArrayList<>();
        boolean value = false;
        for (String argument : arguments) {
            String word = value ? argument : normalise(argument);
            normal.add(word);
            value = !value && takesNext(word);
        }
        return normal;
    }

    private static String normalise(String argument) {
        Matcher matcher = LONG.matcher(argument);
        if (!matcher.matches() || Switch.allNames().contains(argument)) {
            return argument;
        }
        String name = "--" + matcher.group(1);
        String rest = matcher.group(2) == null ? "" : matcher.group(2);
        return Switch.named(name).isPresent() ? name + rest : argument;
    }

    /** Whether the following word is the switch's value, which is nobody's to rewrite. */
    private static boolean takesNext(String word) {
        return Switch.named(word)
                .filter(each -> each.kind() == Switch.Kind.VALUE || each.kind() == Switch.Kind.LIST)
                .isPresent();
    }
}
