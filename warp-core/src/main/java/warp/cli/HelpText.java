package warp.cli;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;

/** The help, in lines of 80 characters at most. */
final class HelpText {

    private static final int WIDTH = 80;

    /** Where the words about a switch begin; names that are longer have a line of their own. */
    private static final int COLUMN = 29;

    private static final String ABOUT =
            "Moves a live PostgreSQL database to another server: copies a consistent snapshot in"
                    + " parallel, then replays every change made since until you stop it. Run the"
                    + " same command again to resume.";

    private final StringBuilder text = new StringBuilder();

    private HelpText() {}

    /**
     * All of it, each line ended.
     *
     * @param program the name that Warp was called by
     */
    static String of(String program) {
        HelpText help = new HelpText();
        help.line("Usage: " + program + " [COMMAND] [SWITCH...]");
        help.line("");
        help.wrapped("", "", ABOUT);
        for (Switch.Group group : Switch.Group.values()) {
            help.line("");
            help.line(group.heading() + ":");
            for (Switch each : Switch.values()) {
                if (each.group() == group) {
                    help.describe(each);
                }
            }
        }
        footer(program).forEach(help::line);
        return help.text.toString();
    }

    private void describe(Switch each) {
        String names = names(each);
        if (names.length() < COLUMN) {
            wrapped(names + " ".repeat(COLUMN - names.length()), indent(2), each.description());
        } else {
            line(names);
            wrapped(indent(0), indent(2), each.description());
        }
    }

    /** {@code -s, --source=URL}; where there is no short name, its place is left free. */
    private static String names(Switch each) {
        List<String> names =
                each.names().stream().sorted(Comparator.comparingInt(String::length)).toList();
        String start = names.getFirst().startsWith("--") ? "      " : "  ";
        String value =
                switch (each.kind()) {
                    case FLAG -> "";
                    case VALUE, LIST -> "=" + each.label();
                    case OPTIONAL_VALUE -> "[=" + each.label() + "]";
                };
        return start + String.join(", ", names) + value;
    }

    private static String indent(int more) {
        return " ".repeat(COLUMN + more);
    }

    /**
     * Breaks a text at its blanks; the first line begins with one thing, the others with another.
     */
    private void wrapped(String first, String others, String words) {
        StringBuilder line = new StringBuilder(first);
        boolean empty = true;
        for (String word : words.split(" ", -1)) {
            if (!empty && line.length() + 1 + word.length() > WIDTH) {
                line(line.toString());
                line = new StringBuilder(others);
                empty = true;
            }
            line.append(empty ? "" : " ").append(word);
            empty = false;
        }
        line(line.toString());
    }

    private void line(String line) {
        text.append(line).append('\n');
    }

    private static List<String> footer(String program) {
        List<String> lines = new ArrayList<>();
        lines.add("");
        lines.add("Commands:");
        for (Command command : Command.values()) {
            String gap = " ".repeat(12 - command.word().length());
            lines.add("  " + command.word() + gap + command.description());
        }
        lines.add("  demo        start two servers and watch a live migration between them");
        lines.addAll(
                List.of(
                        "",
                        "URL is a URI"
                            + " (postgresql://user:password@host:5432/database?sslmode=require)",
                        "or a libpq string ('host=... dbname=... user=...'). What it leaves out"
                                + " comes",
                        "from its service, the PG* variables, ~/.pgpass and libpq's defaults.",
                        "WARP_SOURCE_URI and WARP_DESTINATION_URI stand for --source and",
                        "--destination. Long switches take one dash or two, a blank or an = before",
                        "the value.",
                        "",
                        "Examples:",
                        "  " + program + " --setup",
                        "      asks for both servers; afterwards " + program + " alone migrates",
                        "  "
                                + program
                                + " -s postgresql://app@old/shop -d postgresql://app@new/shop \\",
                        "      -t 'public.*' -T public.audit --until caught-up --yes",
                        "      moves the tables of one schema but one, and ends when in step",
                        "",
                        "Exit codes:",
                        "  0    done",
                        "  2    wrong switch or config",
                        "  3    a check failed",
                        "  4    verification found differences",
                        "  5    a server cannot be reached or refuses: try again",
                        "  6    cannot go on without a person",
                        "  7    done, but some objects could not be made: they are listed",
                        "  70   a defect in Warp",
                        "  130  stopped by Ctrl-C; 143 by SIGTERM: run again to resume",
                        "Of several migrations the most severe code counts: 70 6 5 4 3 2 7 143"
                                + " 130 0."));
        return lines;
    }
}
