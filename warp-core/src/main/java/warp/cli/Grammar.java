package warp.cli;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import warp.config.Nearest;
import warp.error.ErrorCode;
import warp.error.WarpException;

/**
 * What the words of a command line mean. A library for that would be the most expensive thing about
 * a short run: it takes a quarter of a second before it has understood {@code --help}.
 */
final class Grammar {

    private final Deque<String> words;
    private final List<String> commands = new ArrayList<>();
    private final Map<Switch, List<String>> switches = new EnumMap<>(Switch.class);

    private Grammar(List<String> words) {
        this.words = new ArrayDeque<>(words);
    }

    /**
     * Reads the arguments.
     *
     * @throws WarpException USAGE in one line that names the switch, and never a value
     */
    static Invocation parse(List<String> arguments) {
        Grammar grammar = new Grammar(RawWords.normalise(arguments));
        grammar.read();
        return new Invocation(grammar.command(), grammar.switches);
    }

    private void read() {
        boolean switchesEnded = false;
        while (!words.isEmpty()) {
            String word = words.remove();
            if (switchesEnded || !isSwitch(word)) {
                commands.add(word);
            } else if (word.equals("--")) {
                switchesEnded = true;
            } else {
                take(word, RawWords.switchOf(word).orElseThrow(() -> unknown(word)));
            }
        }
    }

    private static boolean isSwitch(String word) {
        return word.startsWith("-") && word.length() > 1;
    }

    private void take(String word, Switch name) {
        int equals = word.indexOf('=');
        Optional<String> given =
                equals < 0 ? Optional.empty() : Optional.of(word.substring(equals + 1));
        String value =
                switch (name.kind()) {
                    case FLAG -> "true";
                    case VALUE, LIST -> given.or(this::nextValue).orElseThrow(() -> missing(name));
                    case OPTIONAL_VALUE -> given.or(this::nextWord).orElse("");
                };
        if (name.kind() == Switch.Kind.LIST) {
            switches.computeIfAbsent(name, _ -> new ArrayList<>()).add(value);
        } else {
            switches.put(name, List.of(value));
        }
    }

    /** The word after a switch that must have a value: anything but another switch. */
    private Optional<String> nextValue() {
        String next = words.peek();
        return next == null || RawWords.switchOf(next).isPresent()
                ? Optional.empty()
                : Optional.of(words.remove());
    }

    /** The word after a switch that may have a value: nothing that looks like a switch. */
    private Optional<String> nextWord() {
        String next = words.peek();
        return next == null || isSwitch(next) ? Optional.empty() : Optional.of(words.remove());
    }

    private Command command() {
        if (commands.isEmpty()) {
            return Command.RUN;
        }
        String word = commands.getFirst();
        Command command = Command.named(word).orElseThrow(() -> unknown(word));
        if (commands.size() > 1) {
            throw unknown(commands.get(1));
        }
        return command;
    }

    /** Names a switch that does not exist up to its {@code =}: what follows may be a secret. */
    private static WarpException unknown(String argument) {
        if (!argument.startsWith("-")) {
            WarpException word = usage("a word that is neither a switch nor a command");
            return Nearest.to(argument, Command.words())
                    .map(near -> usage("unknown command; did you mean " + near + "?"))
                    .orElse(
                            word.hint(
                                    "put values with blanks into quotes: --source='host=…"
                                            + " dbname=…'"));
        }
        int equals = argument.indexOf('=');
        String name = equals < 0 ? argument : argument.substring(0, equals);
        String bare = name.replaceFirst("^-+", "");
        Optional<String> near =
                Nearest.to("--" + bare, Switch.allNames()).filter(each -> each.startsWith("--"));
        return usage(
                "unknown switch "
                        + name
                        + near.map(each -> "; did you mean " + each + "?").orElse(""));
    }

    private static WarpException missing(Switch name) {
        return usage(name.longName() + " needs a value");
    }

    private static WarpException usage(String what) {
        return new WarpException(ErrorCode.USAGE, what);
    }
}
