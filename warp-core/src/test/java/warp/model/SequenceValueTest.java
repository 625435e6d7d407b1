package warp.model;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class SequenceValueTest {

    private static SequenceValue called(long value) {
        return new SequenceValue(value, true);
    }

    private static SequenceValue next(long value) {
        return new SequenceValue(value, false);
    }

    @Test
    void ascending_theGreaterIsBeyond() {
        assertThat(called(6).isBeyond(called(5), 1)).isTrue();
        assertThat(called(5).isBeyond(called(6), 3)).isFalse();
        assertThat(called(Long.MAX_VALUE).isBeyond(called(Long.MIN_VALUE), 1)).isTrue();
    }

    @Test
    void descending_theSmallerIsBeyond() {
        assertThat(called(-6).isBeyond(called(-5), -1)).isTrue();
        assertThat(called(-5).isBeyond(called(-6), -2)).isFalse();
        assertThat(called(Long.MIN_VALUE).isBeyond(called(Long.MAX_VALUE), -1)).isTrue();
    }

    @Test
    void sameNumber_givenOutIsBeyondToBeGivenOut() {
        assertThat(called(5).isBeyond(next(5), 1)).isTrue();
        assertThat(called(5).isBeyond(next(5), -1)).isTrue();
        assertThat(next(5).isBeyond(called(5), 1)).isFalse();
        assertThat(called(5).isBeyond(called(5), 1)).isFalse();
        assertThat(next(5).isBeyond(next(5), 1)).isFalse();
    }
}
