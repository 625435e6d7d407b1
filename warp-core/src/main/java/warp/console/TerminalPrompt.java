package warp.console;

import java.io.IOException;
import java.io.PrintStream;
import java.util.Locale;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import warp.progress.Prompt;
import warp.progress.StopSignal;

/**
 * Asks at the terminal. A read cannot be interrupted, so a thread of its own does it, and a stop
 * that is requested meanwhile answers the question with no.
 */
public final class TerminalPrompt implements Prompt {

    private final LineSource source;
    private final PrintStream out;
    private final StopSignal stop;

    public TerminalPrompt(LineSource source, PrintStream out, StopSignal stop) {
        this.source = source;
        this.out = out;
        this.stop = stop;
    }

    @Override
    public synchronized boolean confirm(String question) {
        out.println(Escapes.visible(question));
        while (true) {
            Optional<String> answer = read("Please type yes or no and then press enter: ", false);
            switch (answer.orElse("no").strip().toLowerCase(Locale.ROOT)) {
                case "yes", "y" -> {
                    return true;
                }
                case "no", "n" -> {
                    return false;
                }
                default -> {}
            }
        }
    }

    @Override
    public synchronized Optional<String> line(String question) {
        return read(Escapes.visible(question), false);
    }

    @Override
    public synchronized Optional<String> secret(String question) {
        return read(Escapes.visible(question), true);
    }

    private Optional<String> read(String question, boolean hidden) {
        out.print(question);
        out.flush();
        CompletableFuture<Optional<String>> answer = new CompletableFuture<>();
        Runnable giveUp = () -> answer.complete(Optional.empty());
        stop.onStop(giveUp);
        if (!answer.isDone()) {
            Thread.ofPlatform().daemon().name("prompt").start(() -> read(hidden, answer));
        }
        try {
            Optional<String> line = answer.join();
            if (line.isEmpty() && !stop.requested()) {
                out.println(); // the question's line has no end yet
            }
            return line;
        } finally {
            stop.forget(giveUp);
        }
    }

    private void read(boolean hidden, CompletableFuture<Optional<String>> answer) {
        try {
            answer.complete(Optional.ofNullable(source.next(hidden)));
        } catch (IOException | RuntimeException unreadable) {
            // No answer can be had: as at the end of input.
            answer.complete(Optional.empty());
        }
    }
}
