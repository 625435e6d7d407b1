/**
 * Takes indexes and keys of the destination away before the copy and puts them back after it. Floor
 * 3: a stage; knows no other stage.
 */
@NullMarked
package warp.schema;

import org.jspecify.annotations.NullMarked;
