package warp.model;

/**
 * Where a sequence stands ("CREATE SEQUENCE" in the manual).
 *
 * @param isCalled whether {@code lastValue} has been given out; if not, it is the next one
 */
public record SequenceValue(long lastValue, boolean isCalled) {

    /**
     * Whether it is further than another in the direction of the increment.
     *
     * @param increment its sign is what matters
     */
    public boolean isBeyond(SequenceValue other, long increment) {
        int order = Long.compare(lastValue, other.lastValue);
        if (order == 0) {
            return isCalled && !other.isCalled;
        }
        return increment < 0 ? order < 0 : order > 0;
    }
}
