package warp.copy;

import warp.postgres.wire.WireChannel.ByteMeter;

/**
 * Holds up the workers of a copy, each for as long as it is in {@link #passed}: before a chunk,
 * told of no bytes, and after every run of bytes. From any worker's thread.
 */
@FunctionalInterface
public interface CopyThrottle extends ByteMeter {

    /** Holds nobody up. */
    CopyThrottle NONE = bytes -> {};

    /** The copy ends, also where it fails: whoever waits must go on. From any thread. */
    default void end() {}
}
