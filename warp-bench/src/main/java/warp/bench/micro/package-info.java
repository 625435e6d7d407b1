/**
 * Times parts of Warp by themselves, without servers: the decoder, the batcher and the encoder. The
 * only package of this module that knows the product. What a part keeps to its own package it
 * reaches through {@code warp.apply.ApplyParts}, a class of this module that stands in there.
 */
@NullMarked
package warp.bench.micro;

import org.jspecify.annotations.NullMarked;
