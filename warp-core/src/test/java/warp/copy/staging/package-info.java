@org.jspecify.annotations.NullMarked
package warp.copy.staging;
