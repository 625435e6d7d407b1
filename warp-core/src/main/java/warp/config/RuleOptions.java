package warp.config;

import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import warp.model.Keyless;

/**
 * How tables are to arrive otherwise than as they are.
 *
 * @param rules of the config file, in its order
 * @param keyless {@code --keyless}: what to do with tables without a key of which no rule says it;
 *     null where nobody said
 */
public record RuleOptions(List<Rule> rules, @Nullable Keyless keyless) {

    /** Nothing asked for. */
    public static final RuleOptions NONE = new RuleOptions(List.of(), null);

    public RuleOptions {
        rules = List.copyOf(rules);
    }

    /** This, and where it says nothing the other: the command line over the file. */
    public RuleOptions over(RuleOptions other) {
        return new RuleOptions(
                rules.isEmpty() ? other.rules : rules, keyless == null ? other.keyless : keyless);
    }

    public Optional<Keyless> keylessAsked() {
        return Optional.ofNullable(keyless);
    }
}
