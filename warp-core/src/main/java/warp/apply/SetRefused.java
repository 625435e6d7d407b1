package warp.apply;

import java.io.Serial;

/**
 * A set could not be applied as a whole, which says nothing about the changes: its transactions are
 * to be applied in order. Never leaves the applier.
 */
final class SetRefused extends RuntimeException {

    @Serial private static final long serialVersionUID = 1L;

    SetRefused(String what) {
        super(what, null, false, false);
    }
}
