package warp.progress;

import java.util.Optional;

/**
 * Asks the person at the terminal. One question at a time, whichever thread asks; answers come from
 * standard input where that is a pipe. Where no answer can be had (end of input, a stop was
 * requested), the answer is no.
 */
public interface Prompt {

    /** Asks and says how to answer; true only for {@code yes} or {@code y}. */
    boolean confirm(String question);

    /** Asks for one line, without its line end; empty where there is no answer. */
    Optional<String> line(String question);

    /** Asks for one line that is not shown while it is typed. */
    Optional<String> secret(String question);
}
