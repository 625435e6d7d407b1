package warp.apply;

/**
 * When to collect sets: far behind, and not where sets have just not been worth it. Each time in a
 * row that one is not, twice as many transactions are applied in order before the next is tried.
 */
final class SetPolicy {

    private static final long FAR_BEHIND_BYTES = 256 * 1024;
    private static final int PAUSE_MAX = 64_000;

    private final int pauseMin;
    private boolean farBehind;
    private int pause;
    private int left;

    /**
     * @param pauseMin transactions in order after the first set that was not worth it
     */
    SetPolicy(int pauseMin) {
        this.pauseMin = pauseMin;
        this.pause = pauseMin;
    }

    /** How many bytes of changes wait. */
    void backlog(long bytes) {
        farBehind = bytes >= FAR_BEHIND_BYTES;
    }

    boolean isFarBehind() {
        return farBehind;
    }

    /** A transaction begins: whether to collect it. */
    boolean collects() {
        if (left > 0) {
            left--;
            return false;
        }
        return farBehind;
    }

    /** A set was applied. */
    void succeeded() {
        pause = pauseMin;
    }

    /** A set was too small because something odd came, or was refused. */
    void failed() {
        left = pause;
        pause = Math.min(2 * pause, PAUSE_MAX);
    }
}
