package warp.apply;

import java.util.concurrent.atomic.LongAdder;
import warp.progress.Progress;

/** What a change does to a row. */
enum Operation {
    INSERT,
    UPDATE,
    DELETE;

    LongAdder counter(Progress progress) {
        return switch (this) {
            case INSERT -> progress.inserts;
            case UPDATE -> progress.updates;
            case DELETE -> progress.deletes;
        };
    }
}
