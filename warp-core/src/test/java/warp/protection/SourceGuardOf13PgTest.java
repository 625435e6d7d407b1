package warp.protection;

class SourceGuardOf13PgTest extends SourceGuarding {

    SourceGuardOf13PgTest() {
        super("13");
    }
}
