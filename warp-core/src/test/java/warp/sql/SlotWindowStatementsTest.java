package warp.sql;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;
import warp.model.Lsn;

class SlotWindowStatementsTest {

    @Test
    void aWindowNamesItsSlotAndPublications_quotedForBothReaders() {
        assertThat(
                        SlotWindowStatements.openWindow(
                                "shop_bulk", Lsn.parse("1/AB"), List.of("shop", "it's"), false))
                .isEqualTo(
                        "DECLARE warp_window BINARY NO SCROLL CURSOR WITH HOLD FOR SELECT lsn, data"
                                + " FROM pg_catalog.pg_logical_slot_get_binary_changes('shop_bulk',"
                                + " '1/AB', NULL, 'proto_version', '1', 'publication_names',"
                                + " '\"shop\",\"it''s\"')");
    }

    @Test
    void largeTransactionsComeInPieces_whereThatIsAskedFor() {
        assertThat(SlotWindowStatements.openWindow("s", Lsn.parse("0/1"), List.of("s"), true))
                .endsWith("'proto_version', '2', 'publication_names', '\"s\"', 'streaming', 'on')");
    }
}
