package warp.config;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import warp.error.ErrorCode;
import warp.error.WarpException;
import warp.model.Side;

/**
 * A migration described in a YAML file: {@code source} and {@code destination}, each a mapping of
 * libpq's parameters or one connection string, and optionally what the switches of the same names
 * say.
 *
 * @param file where it was read
 */
public record ConfigFile(
        Path file,
        ConnectionParameters source,
        ConnectionParameters destination,
        MigrationOptions options) {

    /** What {@code --setup} writes, and a run without any switch reads. */
    public static final String DEFAULT_NAME = ".default_custom_config.yaml";

    private static final List<String> KEYS =
            List.of(
                    "source",
                    "destination",
                    "slot",
                    "tables",
                    "exclude-tables",
                    "batch-statements",
                    "batch-transactions",
                    "jobs",
                    "parallel-dump",
                    "parallel-restore",
                    "tmp-dir",
                    "tmp-dir-max",
                    "restore-only",
                    "skip-initial-sync",
                    "keep-indexes",
                    "without-replica-role",
                    "new-tables",
                    "sync-schema",
                    "schemas",
                    "exclude-schemas",
                    "no-owner",
                    "no-acl",
                    "large-objects",
                    "roles",
                    "rules",
                    "keyless",
                    "retry-for",
                    SourceWords.MAX_SOURCE_WAL,
                    SourceWords.MAX_SOURCE_WAL_ACTION,
                    SourceWords.MAX_LOAD,
                    SourceWords.MAX_REPLICA_LAG,
                    SourceWords.THROTTLE_QUERY,
                    SourceWords.THROTTLE,
                    "spool-dir",
                    "spool-max");

    /**
     * Reads the file.
     *
     * @param warnings told where others may read the file though it holds a password
     * @throws WarpException CONFIG with file, line and key
     */
    public static ConfigFile read(
            Path file, ConnectionStrings strings, Consumer<Warning> warnings) {
        YamlNode root = YamlDocument.read(file, TextFile.read(file));
        if (!(root instanceof YamlNode.Mapping mapping)) {
            throw YamlDocument.problem(
                    file, root.line(), "\"source:\" and \"destination:\" expected");
        }
        Reader reader = new Reader(file, strings, mapping.entries());
        ConfigFile config = reader.read();
        boolean secret = config.holds(Keyword.PASSWORD) || config.holds(Keyword.SSLPASSWORD);
        if (secret && PasswordFile.openToOthers(file)) {
            warnings.accept(
                    new Warning(
                            "config file " + file + " holds a password and is open to others",
                            "chmod 0600 " + file));
        }
        return config;
    }

    private boolean holds(Keyword keyword) {
        return source.has(keyword) || destination.has(keyword);
    }

    /** The parameters of one side. */
    public ConnectionParameters of(Side side) {
        return switch (side) {
            case SOURCE -> source;
            case DESTINATION -> destination;
        };
    }

    /** One reading of one file. */
    private record Reader(Path file, ConnectionStrings strings, Map<String, YamlNode> entries) {

        ConfigFile read() {
            for (Map.Entry<String, YamlNode> entry : entries.entrySet()) {
                if (!KEYS.contains(entry.getKey())) {
                    throw unknown(
                            entry.getKey(), entry.getValue(), Nearest.to(entry.getKey(), KEYS));
                }
            }
            MigrationOptions options =
                    new MigrationOptions(
                            text("slot").map(this::slot).orElse(null),
                            list("tables"),
                            list("exclude-tables"),
                            number(NumberSetting.BATCH_STATEMENTS),
                            number(NumberSetting.BATCH_TRANSACTIONS),
                            number(NumberSetting.JOBS),
                            flag("skip-initial-sync"),
                            flag("keep-indexes"),
                            flag("without-replica-role"),
                            flag("new-tables"),
                            new SchemaOptions(
                                    flag("sync-schema"),
                                    list("schemas"),
                                    list("exclude-schemas"),
                                    flag("no-owner"),
                                    flag("no-acl")),
                            rules(),
                            new ObjectOptions(
                                    text("large-objects")
                                            .map(_ -> flag("large-objects"))
                                            .orElse(null),
                                    flag("roles")),
                            new StagingOptions(
                                    text("tmp-dir").orElse(null),
                                    size("tmp-dir-max", StagingOptions.BYTES_MAX_LEAST),
                                    number(NumberSetting.PARALLEL_DUMP),
                                    number(NumberSetting.PARALLEL_RESTORE),
                                    flag("restore-only")),
                            span("retry-for"),
                            source(),
                            new SpoolOptions(
                                    text("spool-dir").orElse(null),
                                    size("spool-max", SpoolOptions.LEAST)));
            return new ConfigFile(file, endpoint(Side.SOURCE), endpoint(Side.DESTINATION), options);
        }

        private SourceOptions source() {
            SourceWords.Place place =
                    new SourceWords.Place() {
                        @Override
                        public Optional<String> value(String name) {
                            return text(name);
                        }

                        @Override
                        public String called(String name) {
                            return "key \"" + name + "\"";
                        }

                        @Override
                        public WarpException placed(String name, WarpException wrong) {
                            return problem(entries.get(name), String.valueOf(wrong.getMessage()));
                        }
                    };
            return SourceWords.read(place, ErrorCode.CONFIG);
        }

        private RuleOptions rules() {
            RuleReader reader = new RuleReader(file);
            YamlNode node = entries.get("keyless");
            return new RuleOptions(
                    reader.read(entries.get("rules")),
                    text("keyless")
                            .map(words -> reader.keyless(node == null ? 0 : node.line(), words))
                            .orElse(null));
        }

        private ConnectionParameters endpoint(Side side) {
            YamlNode node = entries.get(side.toString());
            if (node == null) {
                throw new WarpException(
                                ErrorCode.CONFIG, file + ": key \"" + side + "\" is missing")
                        .hint("warp --setup --config=" + file + " asks for it");
            }
            return switch (node) {
                case YamlNode.Text text when !text.isNull() -> fromString(side, text);
                case YamlNode.Mapping mapping -> fromMapping(side, mapping);
                case YamlNode.Text _, YamlNode.Sequence _ ->
                        throw problem(
                                node,
                                "key \""
                                        + side
                                        + "\" needs a connection string, or host, port, user,"
                                        + " password, database");
            };
        }

        private ConnectionParameters fromString(Side side, YamlNode.Text text) {
            try {
                return strings.parse(side, text.value());
            } catch (WarpException problem) {
                WarpException placed =
                        problem(text, "key \"" + side + "\": " + problem.getMessage());
                problem.hints().forEach(placed::hint);
                throw placed;
            }
        }

        private ConnectionParameters fromMapping(Side side, YamlNode.Mapping mapping) {
            ConnectionParameters parameters = new ConnectionParameters();
            for (Map.Entry<String, YamlNode> entry : mapping.entries().entrySet()) {
                String key = entry.getKey();
                YamlNode value = entry.getValue();
                if (key.equals(PasswordSetting.COMMAND) || key.equals(PasswordSetting.FILE)) {
                    passwordSource(side, parameters, key, value);
                    continue;
                }
                Keyword keyword = keyword(key).orElse(null);
                if (keyword == null) {
                    throw unknown(side + "." + key, value, suggestion(key));
                }
                if (!(value instanceof YamlNode.Text text)) {
                    throw problem(value, "key \"" + side + "." + key + "\" needs one value");
                }
                String origin = file + ", line " + text.line();
                if (!text.isNull() && keyword == Keyword.DBNAME && parameters.has(keyword)) {
                    throw problem(value, "database is given twice");
                }
                if (!text.isNull()) {
                    parameters.set(keyword, text.value(), origin);
                }
            }
            if (parameters.passwordSource().isPresent() && parameters.has(Keyword.PASSWORD)) {
                throw problem(
                        mapping,
                        "key \"" + side + ".password\" and another source of the password");
            }
            return parameters;
        }

        private void passwordSource(
                Side side, ConnectionParameters parameters, String key, YamlNode value) {
            String where = "key \"" + side + "." + key + "\"";
            if (parameters.passwordSource().isPresent()) {
                throw problem(value, where + " and another source of the password");
            }
            if (key.equals(PasswordSetting.FILE)) {
                if (!(value instanceof YamlNode.Text text) || text.value().isEmpty()) {
                    throw problem(value, where + " needs the name of a file");
                }
                parameters.setPasswordSource(new SecretFile(side, strings.file(text.value())));
                return;
            }
            requireOwnFile(value, where);
            parameters.setPasswordSource(new PasswordCommand(side, command(value, where)));
        }

        private List<String> command(YamlNode value, String where) {
            if (value instanceof YamlNode.Text text && !text.isNull()) {
                try {
                    return PasswordSetting.words(text.value(), where);
                } catch (WarpException bad) {
                    WarpException placed = problem(value, String.valueOf(bad.getMessage()));
                    bad.hints().forEach(placed::hint);
                    throw placed;
                }
            }
            List<String> words = new ArrayList<>();
            if (value instanceof YamlNode.Sequence sequence) {
                for (YamlNode entry : sequence.entries()) {
                    if (!(entry instanceof YamlNode.Text text)) {
                        throw problem(entry, where + " needs a list of words");
                    }
                    words.add(text.value());
                }
            }
            if (words.isEmpty() || words.getFirst().isEmpty()) {
                throw problem(value, where + " needs a program and its words");
            }
            return words;
        }

        /** Whoever may write the file could have any program run. */
        private void requireOwnFile(YamlNode node, String where) {
            try {
                if (!FileOwner.isOnlyOursToWrite(file)) {
                    throw problem(
                                    node,
                                    where
                                            + " is not run from a file that others can write or"
                                            + " that is another user's")
                            .hint("look what it runs, then: chmod 0600 " + file);
                }
            } catch (IOException gone) {
                throw new WarpException(
                        ErrorCode.FILE, file + " cannot be read: " + gone.getMessage(), gone);
            }
        }

        private static Optional<Keyword> keyword(String key) {
            return switch (key) {
                case "database" -> Optional.of(Keyword.DBNAME);
                case "username" -> Optional.of(Keyword.USER);
                default -> Keyword.named(key);
            };
        }

        private static Optional<String> suggestion(String key) {
            return Nearest.to(
                            key,
                            List.of(
                                    "database",
                                    "username",
                                    PasswordSetting.COMMAND,
                                    PasswordSetting.FILE))
                    .or(() -> Keyword.nearest(key));
        }

        private Optional<String> text(String key) {
            YamlNode node = entries.get(key);
            return switch (node) {
                case null -> Optional.empty();
                case YamlNode.Text text when text.isNull() -> Optional.empty();
                case YamlNode.Text text -> Optional.of(text.value());
                case YamlNode.Sequence _, YamlNode.Mapping _ ->
                        throw problem(node, "key \"" + key + "\" needs one value");
            };
        }

        private String slot(String name) {
            try {
                return SlotNames.check(name, ErrorCode.CONFIG);
            } catch (WarpException bad) {
                throw problem(entries.get("slot"), "key \"slot\": " + bad.getMessage());
            }
        }

        private @Nullable Integer number(NumberSetting setting) {
            Optional<String> text = text(setting.text());
            if (text.isEmpty()) {
                return null;
            }
            try {
                String name = "key \"" + setting.text() + "\"";
                return setting.parse(text.get(), name, ErrorCode.CONFIG);
            } catch (WarpException bad) {
                throw problem(entries.get(setting.text()), String.valueOf(bad.getMessage()));
            }
        }

        private @Nullable Duration span(String key) {
            try {
                return text(key)
                        .map(value ->
                                TimeSpan.orZero(value, "key \"" + key + "\"", ErrorCode.CONFIG))
                        .orElse(null);
            } catch (WarpException bad) {
                throw problem(entries.get(key), String.valueOf(bad.getMessage()));
            }
        }

        private @Nullable ByteSize size(String key, ByteSize least) {
            Optional<String> text = text(key);
            if (text.isEmpty()) {
                return null;
            }
            try {
                return ByteSize.parse(text.get(), "key \"" + key + "\"", least, ErrorCode.CONFIG);
            } catch (WarpException bad) {
                throw problem(entries.get(key), String.valueOf(bad.getMessage()));
            }
        }

        private boolean flag(String key) {
            String word = text(key).orElse("false");
            return switch (word) {
                case "true" -> true;
                case "false" -> false;
                default ->
                        throw problem(entries.get(key), "key \"" + key + "\" needs true or false");
            };
        }

        private List<String> list(String key) {
            YamlNode node = entries.get(key);
            return switch (node) {
                case null -> List.of();
                case YamlNode.Text text when text.isNull() -> List.of();
                case YamlNode.Text text -> List.of(text.value());
                case YamlNode.Sequence sequence -> {
                    List<String> words = new ArrayList<>();
                    for (YamlNode entry : sequence.entries()) {
                        if (!(entry instanceof YamlNode.Text text) || text.isNull()) {
                            throw problem(entry, "key \"" + key + "\" needs a list of patterns");
                        }
                        words.add(text.value());
                    }
                    yield words;
                }
                case YamlNode.Mapping _ ->
                        throw problem(node, "key \"" + key + "\" needs a list of patterns");
            };
        }

        private WarpException unknown(String key, YamlNode node, Optional<String> nearest) {
            WarpException unknown = problem(node, "unknown key \"" + key + "\"");
            return unknown.hint(
                    nearest.map(near -> "did you mean \"" + near + "\"?")
                            .orElse(
                                    key.contains(".")
                                            ? "a server is one connection string, or the keys host,"
                                                    + " port, user, password, database and libpq's"
                                                    + " others"
                                            : "known keys: " + String.join(", ", KEYS)));
        }

        private WarpException problem(@Nullable YamlNode node, String what) {
            return YamlDocument.problem(file, node == null ? 0 : node.line(), what);
        }
    }
}
