package warp.protection;

class SourceGuardOf18PgTest extends SourceGuarding {

    SourceGuardOf18PgTest() {
        super("18");
    }
}
