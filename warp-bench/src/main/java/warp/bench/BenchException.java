package warp.bench;

/** Why a benchmark cannot go on, or why one contestant has failed; the message is for a person. */
final class BenchException extends RuntimeException {

    private static final long serialVersionUID = 1;

    BenchException(String message) {
        super(message);
    }

    BenchException(String message, Throwable cause) {
        super(message, cause);
    }
}
