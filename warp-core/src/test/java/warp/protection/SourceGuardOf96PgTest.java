package warp.protection;

class SourceGuardOf96PgTest extends SourceGuarding {

    SourceGuardOf96PgTest() {
        super("9.6");
    }
}
