package warp.console;

import java.io.StringWriter;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import tools.jackson.core.JsonGenerator;
import tools.jackson.core.ObjectWriteContext;
import tools.jackson.core.json.JsonFactory;
import warp.error.WarpException;
import warp.migration.MigrationStatus;
import warp.migration.NextStep;
import warp.model.Lsn;
import warp.model.status.MigrationState;
import warp.model.status.MigrationState.Copied;
import warp.model.status.MigrationState.Held;
import warp.model.status.MigrationState.Moment;
import warp.model.status.MigrationState.Refused;
import warp.model.status.SlotStatus;

/**
 * The status of a migration for programs: one JSON object in one line. Its names are a promise, see
 * docs/status.md; what is not known is left out. Pure.
 */
public final class StatusJson {

    private final JsonGenerator json;

    private StatusJson(JsonGenerator json) {
        this.json = json;
    }

    /** The line, ended. */
    public static String of(MigrationStatus status, NextStep next) {
        StringWriter line = new StringWriter();
        try (JsonGenerator json =
                new JsonFactory().createGenerator(ObjectWriteContext.empty(), line)) {
            new StatusJson(json).write(status, next);
        }
        return line + "\n";
    }

    private void write(MigrationStatus status, NextStep next) {
        json.writeStartObject();
        text("name", status.name());
        text("slot", status.slot());
        text("source", status.source());
        text("destination", status.destination());
        Optional<MigrationState> state = status.state();
        if (status.destinationTrouble().isEmpty()) {
            json.writeBooleanProperty("known", state.isPresent());
            texts("otherSlots", status.others());
        }
        state.ifPresent(this::state);
        status.lagBytes().ifPresent(lag -> number("lagBytes", lag));
        status.slotState().ifPresent(this::slot);
        json.writeArrayPropertyStart("errors");
        status.troubles().forEach(this::trouble);
        json.writeEndArray();
        json.writeObjectPropertyStart("next");
        text("what", next.what());
        text("where", next.where().name().toLowerCase(Locale.ROOT));
        text("command", next.command());
        json.writeEndObject();
        json.writeEndObject();
    }

    private void state(MigrationState state) {
        text("phase", state.phase().name());
        moment("phaseSince", "phaseSeconds", state.since());
        moment("begunAt", "begunSeconds", state.begun().at());
        text("begunFrom", state.begun().address() + "/" + state.begun().database());
        text("begunBy", state.begun().version());
        text("plugin", state.begun().plugin());
        json.writeBooleanProperty("running", state.isWorkedOn());
        state.worker()
                .ifPresent(worker -> {
                    json.writeObjectPropertyStart("worker");
                    text("address", worker.address());
                    moment("since", "seconds", worker.since());
                    json.writeEndObject();
                });
        copied(state.copied());
        state.progress()
                .ifPresent(applied -> {
                    json.writeObjectPropertyStart("applied");
                    text("lsn", applied.lsn().toString());
                    moment("movedAt", "movedSecondsAgo", applied.moved());
                    number("transactions", applied.transactions());
                    json.writeEndObject();
                });
        json.writeArrayPropertyStart("held");
        state.held().forEach(this::held);
        json.writeEndArray();
        json.writeObjectPropertyStart("owed");
        state.owed().forEach(each -> number(each.kind(), each.count()));
        json.writeEndObject();
        json.writeArrayPropertyStart("failures");
        state.refused().forEach(this::refused);
        json.writeEndArray();
        number("identities", state.identities());
        state.spool()
                .ifPresent(spool -> {
                    json.writeObjectPropertyStart("spool");
                    text("host", spool.host());
                    text("folder", spool.folder());
                    json.writeEndObject();
                });
    }

    private void copied(Copied copied) {
        json.writeObjectPropertyStart("copy");
        number("tables", copied.tables());
        number("tablesCopied", copied.tablesCopied());
        number("tablesSuspect", copied.tablesSuspect());
        number("chunks", copied.chunks());
        number("chunksCopied", copied.chunksCopied());
        number("rows", copied.rows());
        number("bytes", copied.bytes());
        number("bytesLeft", copied.bytesLeft());
        json.writeArrayPropertyStart("unfinished");
        copied.unfinished()
                .forEach(table -> {
                    json.writeStartObject();
                    text("table", table.table().toString());
                    number("chunks", table.chunks());
                    number("chunksCopied", table.chunksCopied());
                    json.writeEndObject();
                });
        json.writeEndArray();
        json.writeEndObject();
    }

    private void held(Held held) {
        json.writeStartObject();
        text("table", held.table().toString());
        text("reason", held.reason());
        text("since", held.since().replace(' ', 'T') + "Z");
        number("changes", held.changes());
        json.writeBooleanProperty("mends", held.mends());
        texts("statements", held.statements());
        json.writeEndObject();
    }

    private void refused(Refused refused) {
        json.writeStartObject();
        text("object", refused.object());
        text("statement", refused.statement());
        text("sqlState", refused.sqlState());
        text("message", refused.message());
        json.writeEndObject();
    }

    private void slot(SlotStatus slot) {
        json.writeObjectPropertyStart("sourceSlot");
        text("state", slot.kind().name().toLowerCase(Locale.ROOT));
        text("sourceLsn", slot.position().toString());
        lsn("confirmedLsn", slot.confirmed());
        lsn("restartLsn", slot.restart());
        number("retainedBytes", slot.retainedBytes());
        slot.safeBytes().ifPresent(safe -> number("safeBytes", safe));
        slot.reason().ifPresent(reason -> text("reason", reason));
        json.writeEndObject();
    }

    private void trouble(WarpException trouble) {
        json.writeStartObject();
        text("message", trouble.summary());
        texts("hints", trouble.hints());
        number("exitCode", trouble.code().exitCode().number());
        json.writeEndObject();
    }

    private void moment(String time, String seconds, Moment moment) {
        text(time, moment.time());
        number(seconds, moment.secondsAgo());
    }

    private void lsn(String name, Lsn lsn) {
        if (!lsn.isNone()) {
            text(name, lsn.toString());
        }
    }

    private void texts(String name, List<String> values) {
        json.writeArrayPropertyStart(name);
        values.forEach(json::writeString);
        json.writeEndArray();
    }

    private void text(String name, String value) {
        json.writeStringProperty(name, value);
    }

    private void number(String name, long value) {
        json.writeNumberProperty(name, value);
    }
}
