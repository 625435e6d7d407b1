package warp.migration;

class DefinitionsOf96PgTest extends DefinitionChanges {

    DefinitionsOf96PgTest() {
        super("9.6");
    }
}
