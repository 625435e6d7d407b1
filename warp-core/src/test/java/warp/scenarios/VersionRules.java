package warp.scenarios;

import java.math.BigDecimal;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import warp.sandbox.PostgresBinaries;

/**
 * Which pairs of servers a scenario is for: no destination is older than the source.
 *
 * @param source every rule must hold for the source's version
 * @param destination and these for the destination's
 */
record VersionRules(List<Rule> source, List<Rule> destination) {

    private static final Pattern LINE =
            Pattern.compile("(source|destination)\\s*(>=|<=)\\s*(\\d+(?:\\.\\d+)?)");

    /** Destinations of the default run: the newest, and the newest that most pg_dumps fit. */
    private static final List<String> USUAL_DESTINATIONS = List.of("18", "15");

    /** An older destination does not understand all that the usual pg_dump writes. */
    private static final BigDecimal DESTINATION_MIN = new BigDecimal("15");

    /** The newest source that a pg_dump of Debian 12 reads. */
    private static final BigDecimal USUAL_SOURCE_MAX = new BigDecimal("15");

    VersionRules {
        source = List.copyOf(source);
        destination = List.copyOf(destination);
    }

    /** {@code >= 10} or {@code <= 15}. */
    record Rule(boolean atLeast, BigDecimal limit) {

        private boolean allows(BigDecimal version) {
            int order = version.compareTo(limit);
            return atLeast ? order >= 0 : order <= 0;
        }
    }

    /** Two major versions. */
    record Pair(String from, String to) {

        @Override
        public String toString() {
            return from + " to " + to;
        }
    }

    static VersionRules of(List<String> lines) {
        return new VersionRules(rules(lines, "source"), rules(lines, "destination"));
    }

    private static List<Rule> rules(List<String> lines, String side) {
        return lines.stream()
                .map(LINE::matcher)
                .peek(matcher -> {
                    if (!matcher.matches()) {
                        throw new IllegalArgumentException("not a rule about versions: " + matcher);
                    }
                })
                .filter(matcher -> matcher.group(1).equals(side))
                .map(VersionRules::rule)
                .toList();
    }

    private static Rule rule(Matcher matcher) {
        return new Rule(matcher.group(2).equals(">="), new BigDecimal(matcher.group(3)));
    }

    /** Every pair that is allowed. */
    List<Pair> pairs() {
        return PostgresBinaries.majors().stream()
                .flatMap(from -> PostgresBinaries.majors().stream().map(to -> new Pair(from, to)))
                .filter(this::allow)
                .toList();
    }

    private boolean allow(Pair pair) {
        BigDecimal from = new BigDecimal(pair.from());
        BigDecimal to = new BigDecimal(pair.to());
        return from.compareTo(to) <= 0
                && to.compareTo(DESTINATION_MIN) >= 0
                && source.stream().allMatch(rule -> rule.allows(from))
                && destination.stream().allMatch(rule -> rule.allows(to));
    }

    /**
     * The pair of an ordinary run: always the same for a scenario, spread over the versions among
     * scenarios.
     *
     * @param name the scenario's
     */
    Pair usual(String name) {
        List<Pair> usual =
                pairs().stream()
                        .filter(pair -> USUAL_DESTINATIONS.contains(pair.to()))
                        .filter(pair ->
                                new BigDecimal(pair.from()).compareTo(USUAL_SOURCE_MAX) <= 0)
                        .toList();
        List<Pair> choice = usual.isEmpty() ? pairs() : usual;
        if (choice.isEmpty()) {
            throw new IllegalArgumentException("no pair of versions is allowed: " + name);
        }
        // The lowest bits of a text's own hash tell little more than its last letter.
        int spread = Integer.rotateLeft(name.hashCode() * 0x9E3779B9, 16);
        return choice.get(Math.floorMod(spread, choice.size()));
    }

    /** These of {@link #pairs} and {@link Stream#of}: those with this source or destination. */
    List<Pair> pairs(String from, String to) {
        return pairs().stream()
                .filter(pair -> from.isEmpty() || pair.from().equals(from))
                .filter(pair -> to.isEmpty() || pair.to().equals(to))
                .toList();
    }
}
