/**
 * Migrations of random databases under random loads while everything fails at random, for as long
 * as one likes. See "Soak" in CONTRIBUTING.md.
 */
@NullMarked
package warp.soak;

import org.jspecify.annotations.NullMarked;
