package warp.cli;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Consumer;
import warp.config.MigrationSettings;
import warp.config.Warning;
import warp.error.ExitCode;
import warp.migration.MigrationStatus;
import warp.migration.Migrations;
import warp.progress.EventLog;
import warp.progress.Prompt;
import warp.progress.StopSignal;

/** Migrations that only remember what was asked for, and end as told. */
final class RecordingMigrations implements Migrations {

    /** How a migration goes. */
    interface Script {
        ExitCode play(MigrationSettings settings, EventLog log, Prompt prompt, StopSignal stop)
                throws InterruptedException;
    }

    private final List<String> calls = new CopyOnWriteArrayList<>();
    private final List<MigrationSettings> settings = new CopyOnWriteArrayList<>();
    private final Map<String, Script> scripts = new ConcurrentHashMap<>();

    /** Sets how the migration of the name goes; without a script it is done at once. */
    void script(String migration, Script script) {
        scripts.put(migration, script);
    }

    List<String> calls() {
        return calls;
    }

    List<MigrationSettings> settings() {
        return settings;
    }

    MigrationSettings only() {
        return settings.getFirst();
    }

    @Override
    public ExitCode run(MigrationSettings of, EventLog log, Prompt prompt, StopSignal stop)
            throws InterruptedException {
        return play("run", of, log, prompt, stop);
    }

    @Override
    public ExitCode check(MigrationSettings of, EventLog log, Prompt prompt, StopSignal stop)
            throws InterruptedException {
        return play("check", of, log, prompt, stop);
    }

    @Override
    public ExitCode clean(
            MigrationSettings of, EventLog log, Prompt prompt, StopSignal stop, boolean full)
            throws InterruptedException {
        return play(full ? "clean full" : "clean", of, log, prompt, stop);
    }

    /** Knows no migration. */
    @Override
    public MigrationStatus status(
            MigrationSettings of, Consumer<Warning> warnings, StopSignal stop) {
        calls.add("status");
        settings.add(of);
        return new MigrationStatus(
                of.name(),
                of.slot(),
                of.source().display(),
                of.destination().display(),
                Optional.empty(),
                List.of(),
                Optional.empty(),
                Optional.empty(),
                Optional.empty());
    }

    private ExitCode play(
            String call, MigrationSettings of, EventLog log, Prompt prompt, StopSignal stop)
            throws InterruptedException {
        calls.add(call);
        settings.add(of);
        Script script = scripts.get(of.name());
        return script == null ? ExitCode.DONE : script.play(of, log, prompt, stop);
    }
}
