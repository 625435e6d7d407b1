package warp.stream;

import warp.error.ErrorCode;
import warp.error.WarpException;
import warp.model.Side;

/** What whoever waits for changes is told once nobody reads them any more. */
final class ReadingStopped {

    private static final String WORDS = "reading has been stopped";

    private ReadingStopped() {}

    /** By who has closed the reader. */
    static WarpException byClosing() {
        return new WarpException(ErrorCode.INTERRUPTED, WORDS).at(Side.SOURCE);
    }

    /** By an interrupt, which this thread stays marked with. */
    static WarpException by(InterruptedException closing) {
        Thread.currentThread().interrupt();
        return new WarpException(ErrorCode.INTERRUPTED, WORDS, closing).at(Side.SOURCE);
    }
}
