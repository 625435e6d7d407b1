package warp.error;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.Objects;
import org.junit.jupiter.api.Test;
import warp.error.FaultPoint.Edge;
import warp.error.PlannedFault.Action;

class PlannedFaultTest {

    @Test
    void aFaultIsReadAsItIsPrinted() {
        PlannedFault fault =
                new PlannedFault(FaultPoint.CHUNK_COPIED, Edge.AFTER, 3, Action.DEFECT);
        assertThat(fault).hasToString("chunk_copied:after:3:defect");
        assertThat(PlannedFault.parse(fault.toString())).isEqualTo(fault);
    }

    @Test
    void nothingPlanned_isNoPlan() {
        assertThat(PlannedFault.plan("")).isNull();
    }

    @Test
    void whatIsNoFault_isRefused() {
        for (String wrong :
                new String[] {"x", "chunk_copied:after:0:halt", "chunk_copied:after:1", ",x"}) {
            assertThatThrownBy(() -> PlannedFault.plan(wrong))
                    .as(wrong)
                    .isInstanceOf(IllegalArgumentException.class);
        }
    }

    @Test
    void happensAtItsTimeAndEdge_once() {
        FaultPoint.Plan plan =
                Objects.requireNonNull(PlannedFault.plan("slot_made:after:2:connection"));
        plan.reached(FaultPoint.SLOT_MADE, Edge.AFTER);
        plan.reached(FaultPoint.SLOT_MADE, Edge.BEFORE);
        plan.reached(FaultPoint.SLOT_DROPPED, Edge.AFTER);
        assertThatThrownBy(() -> plan.reached(FaultPoint.SLOT_MADE, Edge.AFTER))
                .isInstanceOfSatisfying(
                        WarpException.class,
                        problem -> assertThat(problem.code()).isEqualTo(ErrorCode.CONNECTION));
        assertThatCode(() -> plan.reached(FaultPoint.SLOT_MADE, Edge.AFTER))
                .doesNotThrowAnyException();
    }
}
