package warp.plan;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import warp.model.Sequence;
import warp.model.TableName;

class SequenceChoiceTest {

    private static final TableName ORDERS = new TableName("shop", "orders");
    private static final TableName OTHER = new TableName("shop", "other");

    private final Sequence owned = sequence("orders_id_seq", ORDERS, Set.of(ORDERS));
    private final Sequence used = sequence("used", null, Set.of(ORDERS, OTHER));
    private final Sequence ownedElsewhere = sequence("other_id_seq", OTHER, Set.of(OTHER));
    private final Sequence shared = sequence("shared", OTHER, Set.of(ORDERS, OTHER));
    private final Sequence free = sequence("free", null, Set.of());

    private static Sequence sequence(String name, @Nullable TableName owner, Set<TableName> users) {
        return new Sequence(1, new TableName("shop", name), owner, users, true, true, null);
    }

    private List<Sequence> chosen(List<String> include, List<String> exclude) {
        return new SequenceChoice(Set.of(ORDERS), TablePatterns.of(include, exclude))
                .of(List.of(owned, used, ownedElsewhere, shared, free));
    }

    @Test
    void withoutSwitches_allButThoseOfTablesThatStayBehind() {
        assertThat(chosen(List.of(), List.of())).containsExactly(owned, used, shared, free);
    }

    @Test
    void withTables_thoseThatTheTablesOwnOrUse() {
        assertThat(chosen(List.of("orders"), List.of())).containsExactly(owned, used, shared);
    }

    @Test
    void freeSequence_isTakenByItsOwnName() {
        assertThat(chosen(List.of("orders", "shop.fr*"), List.of()))
                .containsExactly(owned, used, shared, free);
    }

    @Test
    void excludedByName_staysBehindWhoeverNeedsIt() {
        assertThat(chosen(List.of(), List.of("orders_id_seq", "used", "free")))
                .containsExactly(shared);
    }
}
