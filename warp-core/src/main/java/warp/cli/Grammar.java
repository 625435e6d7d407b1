package warp.cli;

import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import picocli.CommandLine;
import picocli.CommandLine.MissingParameterException;
import picocli.CommandLine.Model.ArgGroupSpec;
import picocli.CommandLine.Model.ArgSpec;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;
import picocli.CommandLine.Model.PositionalParamSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.ParseResult;
import picocli.CommandLine.UnmatchedArgumentException;
import warp.config.Nearest;
import warp.error.ErrorCode;
import warp.error.WarpException;

/** The switches as picocli sees them, and picocli's complaints in Warp's words. */
final class Grammar {

    private final String program;

    /**
     * @param program the name that Warp was called by
     */
    Grammar(String program) {
        this.program = program;
    }

    /**
     * Reads the arguments.
     *
     * @throws WarpException USAGE in one line that names the switch, and never a value
     */
    Invocation parse(List<String> arguments) {
        CommandLine picocli = picocli();
        try {
            ParseResult result =
                    picocli.parseArgs(RawWords.normalise(arguments).toArray(String[]::new));
            return new Invocation(command(result), switches(result));
        } catch (UnmatchedArgumentException unknown) {
            throw unknown(unknown.getUnmatched().getFirst());
        } catch (MissingParameterException missing) {
            throw usage(name(missing.getMissing().getFirst()) + " needs a value");
        } catch (ParameterException other) {
            throw usage(
                    Optional.ofNullable(other.getArgSpec())
                            .map(spec -> name(spec) + " takes no such value")
                            .orElse("the command line is not understood"));
        }
    }

    /** The help, in lines of 80 characters. */
    String help() {
        CommandLine picocli = picocli();
        picocli.setUsageHelpWidth(80);
        return picocli.getUsageMessage(CommandLine.Help.Ansi.OFF);
    }

    private CommandLine picocli() {
        CommandSpec spec = CommandSpec.create().name(program);
        int order = 0;
        for (Switch.Group group : Switch.Group.values()) {
            ArgGroupSpec.Builder section =
                    ArgGroupSpec.builder()
                            .validate(false)
                            .order(order++)
                            .heading("%n" + group.heading() + ":%n");
            for (Switch each : Switch.values()) {
                if (each.group() == group) {
                    section.addArg(option(each));
                }
            }
            spec.addArgGroup(section.build());
        }
        spec.addPositional(
                PositionalParamSpec.builder()
                        .index("0")
                        .arity("0..1")
                        .type(String.class)
                        .hidden(true)
                        .paramLabel("COMMAND")
                        .build());
        HelpText.describe(spec.usageMessage(), program);
        return new CommandLine(spec)
                .setExpandAtFiles(false)
                .setOverwrittenOptionsAllowed(true)
                .setPosixClusteredShortOptionsAllowed(false)
                .setAllowOptionsAsOptionParameters(false);
    }

    private static OptionSpec option(Switch each) {
        OptionSpec.Builder option =
                OptionSpec.builder(each.names().toArray(String[]::new))
                        .description(each.description())
                        .paramLabel(each.label());
        return switch (each.kind()) {
            case FLAG -> option.type(boolean.class).arity("0").build();
            case VALUE -> option.type(String.class).arity("1").build();
            case OPTIONAL_VALUE ->
                    option.type(String.class).arity("0..1").fallbackValue("").build();
            case LIST -> option.type(List.class).auxiliaryTypes(String.class).arity("1").build();
        };
    }

    private Command command(ParseResult result) {
        String word = result.matchedPositionalValue(0, "");
        if (word.isEmpty()) {
            return Command.RUN;
        }
        return Command.named(word).orElseThrow(() -> unknown(word));
    }

    private static Map<Switch, List<String>> switches(ParseResult result) {
        Map<Switch, List<String>> found = new EnumMap<>(Switch.class);
        for (Switch each : Switch.values()) {
            if (result.hasMatchedOption(each.longName())) {
                OptionSpec option = result.matchedOption(each.longName());
                switch (each.kind()) {
                    case FLAG -> {
                        if (option.getValue().equals(true)) {
                            found.put(each, List.of("true"));
                        }
                    }
                    case VALUE, OPTIONAL_VALUE ->
                            found.put(each, List.of((String) option.getValue()));
                    case LIST -> found.put(each, List.copyOf(option.<List<String>>getValue()));
                }
            }
        }
        return found;
    }

    /** Names a switch that does not exist up to its {@code =}: what follows may be a secret. */
    private WarpException unknown(String argument) {
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

    private static String name(ArgSpec spec) {
        return spec instanceof OptionSpec option ? option.longestName() : "COMMAND";
    }

    private static WarpException usage(String what) {
        return new WarpException(ErrorCode.USAGE, what);
    }
}
