package warp.cli;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import warp.config.ConfigFile;
import warp.config.ConnectionSettings;
import warp.config.ConnectionStrings;
import warp.config.MigrationOptions;
import warp.config.MigrationSettings;
import warp.config.SlotNames;
import warp.config.Warning;
import warp.console.ConfigMenu;
import warp.error.ErrorCode;
import warp.error.WarpException;
import warp.model.Side;

/** Turns switches, variables and config files into the migrations to run. */
final class MigrationPlanner {

    private static final List<String> SERVER_VARIABLES =
            List.of("PGHOST", "PGHOSTADDR", "PGSERVICE", "PGDATABASE");

    private final Invocation invocation;
    private final Surroundings surroundings;
    private final Consumer<Warning> warnings;
    private final ConnectionStrings strings;

    MigrationPlanner(Invocation invocation, Surroundings surroundings, Consumer<Warning> warnings) {
        this.invocation = invocation;
        this.surroundings = surroundings;
        this.warnings = warnings;
        this.strings = new ConnectionStrings(surroundings.environment(), warnings);
    }

    /** One entry a migration, at least one; their names, slots and logs differ. */
    List<MigrationPlan> plan() {
        invocation.options(); // a wrong value is said before anything is asked or missed
        invocation.until();
        List<Draft> drafts = drafts();
        List<String> slots = slots(drafts);
        if (drafts.size() > 1
                && invocation.value(Switch.LOG).filter(f -> !f.isEmpty()).isPresent()) {
            throw usage("--log=FILE is for one migration; several log to .CONFIG.log each")
                    .hint("write --log alone");
        }
        List<MigrationPlan> plans = new ArrayList<>();
        Set<String> names = new HashSet<>();
        for (int i = 0; i < drafts.size(); i++) {
            plans.add(finish(drafts.get(i), unique(drafts.get(i).name(), names), slots.get(i)));
        }
        plans.forEach(plan -> refuseSameServer(plan.settings()));
        refuseSharedSlots(plans.stream().map(MigrationPlan::settings).toList());
        return plans;
    }

    /** A migration whose name and slot are not settled yet. */
    private record Draft(
            String name,
            ConnectionSettings source,
            ConnectionSettings destination,
            MigrationOptions fromFile,
            @Nullable Path config) {}

    private List<Draft> drafts() {
        Optional<String> source = url(Switch.SOURCE, "WARP_SOURCE_URI");
        Optional<String> destination = url(Switch.DESTINATION, "WARP_DESTINATION_URI");
        boolean urls = invocation.has(Switch.SOURCE) || invocation.has(Switch.DESTINATION);
        if (invocation.has(Switch.CONFIG)) {
            if (urls) {
                throw usage("--config and --source or --destination exclude each other");
            }
            List<Path> files =
                    invocation.parts(Switch.CONFIG).stream()
                            .map(surroundings.environment()::file)
                            .map(Path::normalize)
                            .toList();
            if (new HashSet<>(files).size() < files.size()) {
                throw usage("--config names a file twice");
            }
            return files.stream().map(this::fromFile).toList();
        }
        if (source.isPresent() || destination.isPresent()) {
            return List.of(
                    new Draft(
                            "warp",
                            strings.read(Side.SOURCE, given(Switch.SOURCE, source)),
                            strings.read(Side.DESTINATION, given(Switch.DESTINATION, destination)),
                            MigrationOptions.NONE,
                            null));
        }
        return List.of(fromFile(defaultFile()));
    }

    private Optional<String> url(Switch name, String variable) {
        return invocation.value(name).or(() -> surroundings.environment().variable(variable));
    }

    /** The URL, or nothing where the {@code PG*} variables name a server. */
    private String given(Switch name, Optional<String> url) {
        boolean variables =
                SERVER_VARIABLES.stream()
                        .anyMatch(each -> surroundings.environment().variable(each).isPresent());
        if (url.isEmpty() && !variables) {
            throw usage(name.longName() + " is missing")
                    .hint("add " + name.longName() + "=postgresql://user@host:5432/database");
        }
        return url.orElse("");
    }

    private Path defaultFile() {
        Path directory = surroundings.environment().directory();
        Path file = directory.resolve(ConfigFile.DEFAULT_NAME);
        return Files.exists(file)
                ? file
                : new ConfigMenu(surroundings.prompt(), surroundings.screen().out())
                        .choose(directory);
    }

    private Draft fromFile(Path file) {
        if (!Files.exists(file)) {
            throw new WarpException(ErrorCode.CONFIG, file + " does not exist")
                    .hint(surroundings.program() + " --setup --config=" + file + " writes it");
        }
        ConfigFile config = ConfigFile.read(file, strings, warnings);
        return new Draft(
                nameOf(file),
                strings.complete(Side.SOURCE, config.source()),
                strings.complete(Side.DESTINATION, config.destination()),
                config.options(),
                file);
    }

    /** {@code .karla.yaml} is called {@code karla}. */
    private static String nameOf(Path file) {
        String name = String.valueOf(file.getFileName());
        return name.replaceFirst("^\\.+", "").replaceFirst("\\.ya?ml$", "");
    }

    private static String unique(String name, Set<String> taken) {
        return Stream.iterate(1, count -> count + 1)
                .map(count -> count == 1 ? name : name + "-" + count)
                .filter(taken::add)
                .findFirst()
                .orElseThrow();
    }

    private List<String> slots(List<Draft> drafts) {
        List<String> asked = invocation.parts(Switch.SLOT);
        asked.forEach(slot -> SlotNames.check(slot, ErrorCode.USAGE));
        if (!asked.isEmpty() && asked.size() != drafts.size()) {
            throw usage(
                    "--slot names "
                            + asked.size()
                            + " and --config "
                            + drafts.size()
                            + ": they go together one by one");
        }
        List<String> slots = new ArrayList<>();
        for (int i = 0; i < drafts.size(); i++) {
            Draft draft = drafts.get(i);
            String usual = drafts.size() == 1 ? SlotNames.DEFAULT : SlotNames.of(draft.name());
            slots.add(
                    asked.isEmpty()
                            ? Optional.ofNullable(draft.fromFile().slot()).orElse(usual)
                            : asked.get(i));
        }
        return slots;
    }

    private MigrationPlan finish(Draft draft, String name, String slot) {
        MigrationOptions options = invocation.options().over(draft.fromFile());
        if (options.schema().sync() && options.skipInitialSync()) {
            throw usage("--sync-schema and --skip-initial-sync exclude each other")
                    .hint("leave one out: there is nothing to replicate into before the copy");
        }
        if (options.source().maxSourceWalAction() != null && options.source().walMax().isEmpty()) {
            throw usage("--max-source-wal-action is for --max-source-wal, which is not given")
                    .hint("add --max-source-wal=SIZE, such as 10GB");
        }
        if (options.spool().folder() == null && options.spool().max() != null) {
            throw usage("--spool-max is for a spool").hint("add --spool-dir=DIR, or leave it out");
        }
        requireDirectory(options);
        Path working = surroundings.environment().directory();
        MigrationSettings settings =
                new MigrationSettings(
                        name,
                        draft.source(),
                        draft.destination(),
                        slot,
                        options.withStaging(options.staging().in(working))
                                .withSpool(options.spool().in(working)),
                        invocation.has(Switch.YES),
                        invocation.until());
        String log = invocation.value(Switch.LOG).orElse("");
        Path file = surroundings.environment().file(log.isEmpty() ? "." + name + ".log" : log);
        boolean several = invocation.parts(Switch.CONFIG).size() > 1;
        boolean logged = invocation.has(Switch.LOG) || invocation.has(Switch.VERBOSE) || several;
        return new MigrationPlan(settings, draft.config(), file, logged);
    }

    private static void requireDirectory(MigrationOptions options) {
        var staging = options.staging();
        boolean directory = staging.directoryAsked().isPresent();
        if (staging.restoreOnly() && options.skipInitialSync()) {
            throw usage("--restore-only and --skip-initial-sync exclude each other")
                    .hint("first --restore-only, then the same command with --skip-initial-sync");
        } else if (staging.restoreOnly() && !directory) {
            throw usage("--restore-only loads what --tmp-dir holds, and that is missing")
                    .hint("add --tmp-dir=DIR, as it was given before");
        } else if (staging.bytesMax() != null && !directory) {
            throw usage("--tmp-dir-max is for --tmp-dir, which is missing")
                    .hint("add --tmp-dir=DIR");
        } else if (staging.directory() != null && staging.directory().isBlank()) {
            throw usage("--tmp-dir needs the name of a directory");
        }
    }

    private static void refuseSameServer(MigrationSettings settings) {
        if (sameDatabase(settings.source(), settings.destination())) {
            throw new WarpException(
                            ErrorCode.CONFIG,
                            "source and destination are the same database: "
                                    + settings.source().display())
                    .hint("check host, port and database of both");
        }
    }

    private static void refuseSharedSlots(List<MigrationSettings> all) {
        for (int i = 0; i < all.size(); i++) {
            for (int j = i + 1; j < all.size(); j++) {
                MigrationSettings one = all.get(i);
                MigrationSettings other = all.get(j);
                boolean meet =
                        sameServer(one.source(), other.source())
                                || sameDatabase(one.destination(), other.destination());
                if (meet && one.slot().equals(other.slot())) {
                    throw usage(
                                    one.name()
                                            + " and "
                                            + other.name()
                                            + " share a server and the slot "
                                            + one.slot())
                            .hint(
                                    "give each its own: --slot="
                                            + one.slot()
                                            + "_1,"
                                            + one.slot()
                                            + "_2");
                }
            }
        }
    }

    private static boolean sameServer(ConnectionSettings one, ConnectionSettings other) {
        return one.hosts().stream().anyMatch(other.hosts()::contains);
    }

    private static boolean sameDatabase(ConnectionSettings one, ConnectionSettings other) {
        return sameServer(one, other) && one.database().equals(other.database());
    }

    private static WarpException usage(String what) {
        return new WarpException(ErrorCode.USAGE, what);
    }
}
