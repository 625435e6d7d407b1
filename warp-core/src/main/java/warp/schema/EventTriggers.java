package warp.schema;

import java.util.ArrayList;
import java.util.List;
import warp.error.WarpException;
import warp.model.TableName;
import warp.postgres.Session;
import warp.sql.SchemaStatements;
import warp.state.Failure;
import warp.state.FailureStore;
import warp.state.Removed;
import warp.state.RemovedStore;

/**
 * Makes the event triggers of a schema, after everything else and switched off: they would act on
 * the DDL of Warp itself. That they are to be switched on is owed, hence done by {@code --clean},
 * like with any trigger: made, switched off and written down go in one transaction.
 */
public final class EventTriggers {

    private static final TableName CATALOG = new TableName("pg_catalog", "pg_event_trigger");

    private EventTriggers() {}

    /**
     * Makes those that the dump held.
     *
     * @param destination not in a transaction
     * @return what the destination refused, and {@code warp.failure} holds now: it takes a
     *     superuser, or a cloud's admin role
     */
    public static List<Failure> make(Session destination, String slot, SchemaCreation creation) {
        RemovedStore owed = new RemovedStore(destination, slot);
        owed.forget(List.of(Removed.Kind.EVENT_TRIGGER));
        List<Failure> failures = new ArrayList<>();
        for (DumpEntry entry : creation.eventTriggers()) {
            List<String> statements =
                    entry.statements().stream()
                            .filter(statement -> !SchemaCreation.isSetting(statement))
                            .toList();
            boolean trigger = entry.type().equals("EVENT TRIGGER");
            List<String> make = new ArrayList<>(statements);
            if (trigger) {
                make.add(SchemaStatements.disableEventTrigger(entry.name()));
            }
            try {
                destination.transaction(() -> {
                    make.forEach(destination::run);
                    if (trigger) {
                        owed.add(enabling(owed.nextNumber(), entry.name(), statements));
                    }
                });
            } catch (WarpException refused) {
                if (SchemaCreation.isFatal(refused)) {
                    throw refused;
                }
                failures.add(SchemaCreation.failure(0, entry.label(), make, refused));
            }
        }
        FailureStore store = new FailureStore(destination, slot);
        failures.forEach(store::add);
        return failures;
    }

    /** pg_dump alters the state of one that is not simply enabled, in a statement of its own. */
    private static Removed enabling(int number, String name, List<String> statements) {
        String state =
                statements.stream()
                        .filter(statement -> statement.startsWith("ALTER EVENT TRIGGER "))
                        .filter(statement -> !statement.contains(" OWNER TO "))
                        .findFirst()
                        .orElse(SchemaStatements.enableEventTrigger(name));
        return new Removed(number, Removed.Kind.EVENT_TRIGGER, CATALOG, name, List.of(state));
    }
}
