package warp.plan;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import warp.config.Rule;
import warp.config.RuleOptions;
import warp.error.WarpException;
import warp.model.Keyless;
import warp.model.TableName;
import warp.model.TableRule;

class TableRulesTest {

    private static final TableName ORDERS = new TableName("public", "orders");
    private static final TableName LEAF = new TableName("public", "orders_1");

    private static Rule rule(
            String place,
            String table,
            @Nullable String where,
            @Nullable String to,
            @Nullable Keyless keyless) {
        return new Rule(place, table, where, List.of(), List.of(), to, Map.of(), keyless);
    }

    private static TableRules rules(Rule... rules) {
        return TableRules.of(new RuleOptions(List.of(rules), new Keyless.Exclude()));
    }

    @Test
    void rulesThatSpeakOfDifferentThings_comeTogether() {
        TableRule rule =
                rules(
                                rule("1", "public.*", null, "new.*", null),
                                rule("2", "orders", "id > 1", null, null),
                                rule("3", "ORDERS", null, null, new Keyless.Full()))
                        .of(ORDERS, List.of());

        assertThat(rule.destination()).isEqualTo(new TableName("new", "orders"));
        assertThat(rule.filter()).isEqualTo("id > 1");
        assertThat(rule.keyless()).isEqualTo(new Keyless.Full());
    }

    @Test
    void ruleForAPartitionedTable_isForItsPartitions() {
        TableRules rules =
                rules(
                        rule("1", "orders", "id > 1", "other.\"Whole\"", null),
                        rule("2", "nothing", "x", null, null));

        assertThat(rules.of(LEAF, List.of(ORDERS)).destination())
                .isEqualTo(new TableName("other", "Whole"));
        assertThat(rules.of(LEAF, List.of()).filter()).isNull();
        assertThat(rules.of(LEAF, List.of()).keyless()).isEqualTo(new Keyless.Exclude());
        assertThat(rules.unmatched(List.of(ORDERS, LEAF)))
                .extracting(Rule::place)
                .containsExactly("2");
    }

    @Test
    void receiverIsReadAsSqlReadsNames() {
        assertThat(Receiver.parse("Sales.Orders").of(LEAF))
                .isEqualTo(new TableName("sales", "orders"));
        assertThat(Receiver.parse("\"My \"\"S.\".*").of(LEAF))
                .isEqualTo(new TableName("My \"S.", "orders_1"));
        for (String wrong : List.of("orders", "a.b.c", "a.", "\"a.b", ".*")) {
            assertThatThrownBy(() -> Receiver.parse(wrong))
                    .as(wrong)
                    .isInstanceOf(WarpException.class);
        }
    }

    @Test
    void textTellsRulesApartAndNotTheirPlaces() {
        String text = rules(rule("1", "orders", "a = 'b'", "x.y", null)).text();

        assertThat(text)
                .isEqualTo(
                        "keyless: 'exclude'\n"
                                + "- {table: 'orders', where: 'a = ''b''', to: 'x.y'}")
                .isEqualTo(rules(rule("7", "orders", "a = 'b'", "x.y", null)).text())
                .isNotEqualTo(rules(rule("1", "orders", "a = 'c'", "x.y", null)).text());
        assertThat(TableRules.of(RuleOptions.NONE).text()).isEmpty();
    }
}
