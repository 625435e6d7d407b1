package warp.cli;

import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import warp.config.ByteSize;
import warp.config.KeylessWords;
import warp.config.MigrationOptions;
import warp.config.MigrationSettings.Until;
import warp.config.NumberSetting;
import warp.config.ObjectOptions;
import warp.config.RuleOptions;
import warp.config.SchemaOptions;
import warp.config.SourceOptions;
import warp.config.SourceWords;
import warp.config.SpoolOptions;
import warp.config.StagingOptions;
import warp.config.TimeSpan;
import warp.error.ErrorCode;
import warp.error.WarpException;
import warp.model.Keyless;
import warp.model.Lsn;

/** What the user typed, understood: a command and switches with their values. */
record Invocation(Command command, Map<Switch, List<String>> switches) {

    Invocation {
        switches = new EnumMap<>(switches);
    }

    boolean has(Switch name) {
        return switches.containsKey(name);
    }

    /** The value; empty text where a switch stands without one. */
    Optional<String> value(Switch name) {
        return Optional.ofNullable(switches.get(name)).map(List::getFirst);
    }

    List<String> values(Switch name) {
        return switches.getOrDefault(name, List.of());
    }

    /** The parts of {@code a,b,c}. */
    List<String> parts(Switch name) {
        List<String> parts =
                value(name).map(text -> List.of(text.split(",", -1))).orElse(List.of());
        if (parts.stream().anyMatch(String::isBlank)) {
            throw new WarpException(
                    ErrorCode.USAGE, name.longName() + " has an empty name in its list");
        }
        return parts;
    }

    /** The switches that say how to migrate, but for the slots. */
    MigrationOptions options() {
        return new MigrationOptions(
                null,
                values(Switch.TABLE),
                values(Switch.EXCLUDE_TABLE),
                number(Switch.BATCH_STATEMENTS, NumberSetting.BATCH_STATEMENTS).orElse(null),
                number(Switch.BATCH_TRANSACTIONS, NumberSetting.BATCH_TRANSACTIONS).orElse(null),
                number(Switch.JOBS, NumberSetting.JOBS).orElse(null),
                has(Switch.SKIP_INITIAL_SYNC),
                has(Switch.KEEP_INDEXES),
                has(Switch.WITHOUT_REPLICA_ROLE),
                has(Switch.NEW_TABLES),
                new SchemaOptions(
                        has(Switch.SYNC_SCHEMA),
                        values(Switch.SCHEMA),
                        values(Switch.EXCLUDE_SCHEMA),
                        has(Switch.NO_OWNER),
                        has(Switch.NO_ACL)),
                new RuleOptions(List.of(), keyless().orElse(null)),
                new ObjectOptions(largeObjects().orElse(null), has(Switch.ROLES)),
                new StagingOptions(
                        value(Switch.TMP_DIR).orElse(null),
                        value(Switch.TMP_DIR_MAX)
                                .map(text ->
                                        ByteSize.parse(
                                                text,
                                                Switch.TMP_DIR_MAX.longName(),
                                                StagingOptions.BYTES_MAX_LEAST,
                                                ErrorCode.USAGE))
                                .orElse(null),
                        number(Switch.PARALLEL_DUMP, NumberSetting.PARALLEL_DUMP).orElse(null),
                        number(Switch.PARALLEL_RESTORE, NumberSetting.PARALLEL_RESTORE)
                                .orElse(null),
                        has(Switch.RESTORE_ONLY)),
                value(Switch.RETRY_FOR)
                        .map(text ->
                                TimeSpan.orZero(text, Switch.RETRY_FOR.longName(), ErrorCode.USAGE))
                        .orElse(null),
                source(),
                new SpoolOptions(value(Switch.SPOOL_DIR).orElse(null), spoolMax().orElse(null)));
    }

    private Optional<ByteSize> spoolMax() {
        return value(Switch.SPOOL_MAX)
                .map(text ->
                        ByteSize.parse(
                                text,
                                Switch.SPOOL_MAX.longName(),
                                SpoolOptions.LEAST,
                                ErrorCode.USAGE));
    }

    private Optional<Boolean> largeObjects() {
        boolean with = has(Switch.LARGE_OBJECTS);
        boolean without = has(Switch.NO_LARGE_OBJECTS);
        if (with && without) {
            throw new WarpException(
                    ErrorCode.USAGE, "--large-objects and --no-large-objects exclude each other");
        }
        return with || without ? Optional.of(with) : Optional.empty();
    }

    private SourceOptions source() {
        SourceWords.Place place =
                new SourceWords.Place() {
                    @Override
                    public Optional<String> value(String name) {
                        return Switch.named(called(name)).flatMap(Invocation.this::value);
                    }

                    @Override
                    public String called(String name) {
                        return "--" + name;
                    }

                    @Override
                    public WarpException placed(String name, WarpException wrong) {
                        return wrong;
                    }
                };
        return SourceWords.read(place, ErrorCode.USAGE);
    }

    Until until() {
        String word = value(Switch.UNTIL).orElse("stopped");
        return switch (word) {
            case "stopped" -> new Until.Stopped();
            case "copied" -> new Until.Copied();
            case "caught-up" -> new Until.CaughtUp();
            default -> atLsn(word);
        };
    }

    private static Until atLsn(String word) {
        try {
            return new Until.AtLsn(Lsn.parse(word));
        } catch (IllegalArgumentException notLsn) {
            throw new WarpException(
                    ErrorCode.USAGE,
                    "--until needs copied, caught-up, or an LSN such as 16/B374D848",
                    notLsn);
        }
    }

    private Optional<Keyless> keyless() {
        return value(Switch.KEYLESS)
                .map(words ->
                        KeylessWords.parse(words, Switch.KEYLESS.longName(), ErrorCode.USAGE));
    }

    private Optional<Integer> number(Switch name, NumberSetting setting) {
        return value(name).map(text -> setting.parse(text, name.longName(), ErrorCode.USAGE));
    }

    @Override
    public String toString() {
        return command + " " + switches.keySet();
    }
}
