package warp.cli;

import java.util.ArrayList;
import java.util.List;
import picocli.CommandLine.Model.UsageMessageSpec;

/** The words of the help around the switches. */
final class HelpText {

    private HelpText() {}

    static void describe(UsageMessageSpec usage, String program) {
        usage.customSynopsis(program + " [COMMAND] [SWITCH...]")
                .description(
                        "",
                        "Moves a live PostgreSQL database to another server: copies a consistent"
                                + " snapshot in parallel, then replays every change made since"
                                + " until you stop it. Run the same command again to resume.")
                .sortOptions(false)
                .showDefaultValues(false)
                .footer(footer(program).toArray(String[]::new));
    }

    private static List<String> footer(String program) {
        List<String> lines = new ArrayList<>();
        lines.add("");
        lines.add("Commands:");
        for (Command command : Command.values()) {
            lines.add(
                    "  %s%s%s"
                            .formatted(
                                    command.word(),
                                    " ".repeat(12 - command.word().length()),
                                    command.description()));
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
