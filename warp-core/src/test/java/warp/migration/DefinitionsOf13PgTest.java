package warp.migration;

class DefinitionsOf13PgTest extends DefinitionChanges {

    DefinitionsOf13PgTest() {
        super("13");
    }
}
