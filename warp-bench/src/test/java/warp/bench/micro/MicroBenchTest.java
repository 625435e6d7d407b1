package warp.bench.micro;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.OutputStream;
import java.io.PrintStream;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import warp.model.ChangeEvent;

/** The benchmarks do what they say, and JMH finds them all. */
class MicroBenchTest {

    @ParameterizedTest
    @EnumSource(Kind.class)
    void decoder_decodesEveryRow(Kind kind) {
        for (RowShape shape : RowShape.values()) {
            DecoderBench bench = new DecoderBench();
            bench.kind = kind;
            bench.shape = shape;
            bench.prepare();
            assertThat(bench.decode())
                    .hasSize(DecoderBench.ROWS)
                    .hasOnlyElementsOfType(
                            switch (kind) {
                                case INSERT -> ChangeEvent.Insert.class;
                                case UPDATE -> ChangeEvent.Update.class;
                                case DELETE -> ChangeEvent.Delete.class;
                            });
        }
    }

    @ParameterizedTest
    @CsvSource({"INSERTS, 4000", "DISTINCT, 4000", "HOT, 100"})
    void batcher_leavesOneChangeForEachKey(BatcherBench.History history, int keys) {
        for (RowShape shape : RowShape.values()) {
            BatcherBench bench = new BatcherBench();
            bench.history = history;
            bench.shape = shape;
            bench.prepare();
            assertThat(bench.collect().rows()).isEqualTo(keys);
        }
    }

    @ParameterizedTest
    @EnumSource(Kind.class)
    void encoder_sendsAStatementForEachRow_orOneForTheSet(Kind kind) {
        for (RowShape shape : RowShape.values()) {
            EncoderBench bench = new EncoderBench();
            bench.kind = kind;
            bench.shape = shape;
            bench.prepare();
            assertThat(bench.ordered()).isPositive();
            assertThat(bench.set()).isPositive();
            assertThat(bench.single().executions()).isEqualTo(EncoderBench.ROWS);
            assertThat(bench.whole().executions()).isEqualTo(1);
        }
    }

    @Test
    void oneShortIteration_givesALineForEach() {
        String table =
                MicroBench.run(
                        List.of("-f", "0", "-wi", "0", "-i", "1", "-r", "10ms"),
                        List.of(),
                        new PrintStream(OutputStream.nullOutputStream()));
        assertThat(table.lines()).hasSize(2 + 6 + 6 + 12);
        assertThat(table)
                .contains("| decoder.decode delete narrow | ")
                .contains("| batcher.collect hot wide | ")
                .contains("| encoder.set insert narrow | ");
    }

    @Test
    void wrongWords_areNamedInOneLine() {
        PrintStream nowhere = new PrintStream(OutputStream.nullOutputStream());
        assertThatThrownBy(() -> MicroBench.run(List.of("nonsense"), List.of(), nowhere))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("micro: no benchmark is called so: [nonsense]");
        assertThatThrownBy(() -> MicroBench.run(List.of("--nonsense"), List.of(), nowhere))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("nonsense");
    }
}
