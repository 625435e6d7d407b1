package warp.soak;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * What one round does, all of it made from its seed.
 *
 * @param switches of the one command that is run again and again
 * @param definitions whether columns are added meanwhile
 * @param smallChunks whether tables are copied in many chunks
 * @param bytesPerSecond of each network until the copy is done, so that it lasts
 * @param faults how many it is to survive
 */
record SoakPlan(
        long seed,
        String source,
        String destination,
        List<String> switches,
        Load load,
        boolean definitions,
        boolean smallChunks,
        long bytesPerSecond,
        int faults) {

    /** What writes to the source meanwhile. */
    record Load(int connections, long pauseMillis, boolean huge, boolean truncates) {}

    private static final List<String> SOURCES = List.of("9.6", "10", "13", "15", "17", "18");
    private static final List<String> DESTINATIONS = List.of("13", "15", "17", "18");
    private static final int FAULTS_MIN = 12;
    private static final int FAULTS_MORE = 20;

    /** The plan of a seed, the random numbers that are left being for the course of events. */
    static SoakPlan of(long seed, SplittableRandom random, boolean brief) {
        String source = SOURCES.get(random.nextInt(SOURCES.size()));
        List<String> newer =
                DESTINATIONS.stream().filter(major -> number(major) >= number(source)).toList();
        String destination = newer.get(random.nextInt(newer.size()));
        Load load =
                new Load(
                        random.nextInt(1, 4),
                        random.nextInt(10, 100),
                        random.nextInt(5) == 0 && !brief,
                        random.nextInt(3) == 0);
        boolean sync = random.nextInt(3) == 0 && pgDump() >= number(source);
        List<String> switches = switches(random, sync);
        boolean definitions = random.nextBoolean();
        int faults = FAULTS_MIN + random.nextInt(FAULTS_MORE);
        return new SoakPlan(
                seed,
                source,
                destination,
                switches,
                load,
                definitions,
                random.nextInt(3) > 0,
                random.nextInt(3) == 0 || brief ? Long.MAX_VALUE : random.nextInt(60_000, 600_000),
                brief ? 6 : faults);
    }

    private static List<String> switches(SplittableRandom random, boolean sync) {
        List<String> switches = new ArrayList<>(List.of("--yes"));
        if (sync) {
            switches.add("--sync-schema");
        }
        if (random.nextBoolean()) {
            switches.add("--jobs=" + random.nextInt(1, 7));
        }
        if (random.nextInt(3) == 0) {
            switches.add("--batch-statements=" + random.nextInt(1, 500));
        }
        if (random.nextInt(3) == 0) {
            switches.add("--batch-transactions=" + random.nextInt(1, 300));
        }
        if (random.nextInt(4) == 0 && !sync) {
            switches.add("--keep-indexes");
        }
        if (random.nextInt(4) > 0) {
            // A server that does not answer at the start is waited for as well.
            switches.add("--retry-for=3m");
        }
        if (random.nextInt(3) == 0) {
            switches.add("--spool-dir=spool");
        }
        if (random.nextInt(3) == 0) {
            switches.add("--tmp-dir=files");
            if (random.nextBoolean()) {
                switches.add("--tmp-dir-max=" + random.nextInt(16, 40) + "MB");
            }
        }
        return List.copyOf(switches);
    }

    /** Whether rows go through files, in folder {@code files} of where Warp runs. */
    boolean staged() {
        return switches.contains("--tmp-dir=files");
    }

    boolean makesSchema() {
        return switches.contains("--sync-schema");
    }

    static double number(String major) {
        return Double.parseDouble(major);
    }

    /** The major version of the pg_dump at hand; 0 where there is none. */
    private static double pgDump() {
        try {
            Process process = new ProcessBuilder("pg_dump", "--version").start();
            String said =
                    new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
            Matcher version = Pattern.compile("(\\d+)\\.").matcher(said);
            return version.find() ? Double.parseDouble(version.group(1)) : 0;
        } catch (IOException none) {
            return 0;
        }
    }

    @Override
    public String toString() {
        return "seed %d: %s to %s, %s, load of %d%s%s%s, %d faults"
                .formatted(
                        seed,
                        source,
                        destination,
                        String.join(" ", switches),
                        load.connections,
                        load.huge ? " with a huge transaction" : "",
                        load.truncates ? " with TRUNCATE" : "",
                        (definitions ? " with ADD COLUMN" : "")
                                + (smallChunks ? ", small chunks" : "")
                                + (bytesPerSecond < Long.MAX_VALUE ? ", slow copy" : ""),
                        faults);
    }
}
