package warp.apply;

import warp.model.Lsn;

/**
 * The transaction of the source that changes belong to, for naming it in errors: answers come later
 * than events, so each statement carries it along.
 */
final class SourceTransaction {

    /** What stands for the transactions of held changes. */
    static final SourceTransaction HELD = new SourceTransaction(0, Lsn.NONE);

    private final int id;
    private Lsn position;

    SourceTransaction(int id, Lsn finalLsn) {
        this.id = id;
        this.position = finalLsn;
    }

    int id() {
        return id;
    }

    /** Its commit has arrived: from now on it is named by its end. */
    void endedAt(Lsn endLsn) {
        position = endLsn;
    }

    /** {@code transaction 731 at 16/B374D848}. */
    @Override
    public String toString() {
        if (id == 0) {
            return "a held transaction";
        }
        String name = "transaction " + Integer.toUnsignedString(id);
        return position.isNone() ? name : name + " at " + position;
    }
}
