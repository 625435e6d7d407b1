package warp.model;

/**
 * A change that waits in {@code warp.held}.
 *
 * @param number its place in the order of all held changes of a slot, from 1
 * @param event INSERT, UPDATE, DELETE or TRUNCATE of one relation; changes of one shape carry the
 *     same instance of it
 */
public record HeldChange(long number, ChangeEvent event) {}
