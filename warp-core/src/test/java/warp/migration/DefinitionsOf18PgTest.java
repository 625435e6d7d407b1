package warp.migration;

class DefinitionsOf18PgTest extends DefinitionChanges {

    DefinitionsOf18PgTest() {
        super("18");
    }
}
