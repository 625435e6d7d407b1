package warp.copy;

import warp.copy.staging.StagedFiles;

/**
 * That rows go through files.
 *
 * @param files of the snapshot that is copied. What they hold is loaded and not read again
 * @param readers how many chunks are read at once, each in a session of its own; 0 where the source
 *     is not asked: what the files do not hold is left out
 * @param allRead told once, from a reader's thread, when every chunk is read and on disk, and no
 *     session of the copy needs the snapshot any more
 */
public record Staged(StagedFiles files, int readers, Runnable allRead) {

    public Staged {
        if (readers < 0) {
            throw new IllegalArgumentException("negative number of readers");
        }
    }

    /** That what files hold is loaded, and nothing else. */
    public static Staged toLoad(StagedFiles files) {
        return new Staged(files, 0, () -> {});
    }

    /** Whether anything is read from the source. */
    boolean reads() {
        return readers > 0;
    }
}
