/**
 * Keeps changes on the disk of this machine while the tables are copied, so that the source may
 * drop its log, and gives them back in order. Floor 3: a stage; knows no other stage. What is
 * stored are the frames of the stream as they came: what they mean is the decoder's matter.
 */
@NullMarked
package warp.spool;

import org.jspecify.annotations.NullMarked;
