package warp.bench.micro;

import java.io.PrintStream;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Locale;
import org.openjdk.jmh.profile.GCProfiler;
import org.openjdk.jmh.results.Result;
import org.openjdk.jmh.results.RunResult;
import org.openjdk.jmh.runner.NoBenchmarksException;
import org.openjdk.jmh.runner.Runner;
import org.openjdk.jmh.runner.RunnerException;
import org.openjdk.jmh.runner.format.OutputFormatFactory;
import org.openjdk.jmh.runner.options.CommandLineOptionException;
import org.openjdk.jmh.runner.options.CommandLineOptions;
import org.openjdk.jmh.runner.options.Options;
import org.openjdk.jmh.runner.options.OptionsBuilder;
import org.openjdk.jmh.runner.options.VerboseMode;

/** Runs the benchmarks of this package by JMH and prints a table. */
public final class MicroBench {

    private static final String ALLOCATED = "gc.alloc.rate.norm";

    private MicroBench() {}

    /**
     * Measures.
     *
     * @param words names of benchmarks, or parts of them; then options of JMH
     * @param jvm options for the JVM that each is measured in; JMH's own choice where empty
     * @param progress what JMH says meanwhile
     * @return the table, in Markdown
     * @throws IllegalArgumentException with one line for the user, where words are wrong
     */
    public static String run(List<String> words, List<String> jvm, PrintStream progress) {
        // It would be left in the folder for temporary files, for one user alone.
        System.setProperty("jmh.ignoreLock", "true");
        try {
            return table(
                    new Runner(
                                    options(words, jvm),
                                    OutputFormatFactory.createFormatInstance(
                                            progress, VerboseMode.NORMAL))
                            .run());
        } catch (NoBenchmarksException e) {
            throw new IllegalArgumentException("micro: no benchmark is called so: " + words, e);
        } catch (CommandLineOptionException | RunnerException e) {
            throw new IllegalArgumentException(
                    "micro: " + String.valueOf(e.getMessage()).lines().findFirst().orElse(""), e);
        }
    }

    private static Options options(List<String> words, List<String> jvm)
            throws CommandLineOptionException {
        List<String> given = new ArrayList<>();
        boolean names = true;
        for (String word : words) {
            names &= !word.startsWith("-");
            given.add(names ? "(?i)" + word : word);
        }
        CommandLineOptions line = new CommandLineOptions(given.toArray(String[]::new));
        OptionsBuilder options = new OptionsBuilder();
        options.parent(line).addProfiler(GCProfiler.class);
        if (!jvm.isEmpty() && !line.getJvmArgs().hasValue()) {
            options.jvmArgs(jvm.toArray(String[]::new));
        }
        return options.build();
    }

    private static String table(Collection<RunResult> results) {
        StringBuilder text = new StringBuilder("| what | time a row | ± | allocated a row |\n");
        text.append("|---|--:|--:|--:|\n");
        for (RunResult result : results) {
            Result<?> time = result.getPrimaryResult();
            Result<?> allocated = result.getSecondaryResults().get(ALLOCATED);
            text.append(
                    String.format(
                            Locale.ROOT,
                            "| %s | %.0f ns | %.0f | %s |%n",
                            name(result),
                            time.getScore(),
                            time.getScoreError(),
                            allocated == null ? "–" : "%.0f B".formatted(allocated.getScore())));
        }
        return text.toString();
    }

    /** {@code decoder.decode insert narrow}. */
    private static String name(RunResult result) {
        StringBuilder name = new StringBuilder();
        String method = result.getParams().getBenchmark();
        name.append(method.substring(method.lastIndexOf('.', method.lastIndexOf('.') - 1) + 1));
        result.getParams()
                .getParamsKeys()
                .forEach(key -> name.append(' ').append(result.getParams().getParam(key)));
        return name.toString().replace("Bench.", ".").toLowerCase(Locale.ROOT);
    }
}
