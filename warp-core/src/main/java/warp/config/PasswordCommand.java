package warp.config;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;
import warp.error.ErrorCode;
import warp.error.WarpException;
import warp.model.Side;

/**
 * A program that prints the password, such as a cloud's for tokens that live some minutes. It is
 * started without a shell, for a new connection, unless what it printed last is younger than {@link
 * #AGE_MAX}; many connections at once ask it once. What it prints goes nowhere else: an error names
 * the program only.
 */
final class PasswordCommand implements PasswordSource {

    /** Far below the quarter of an hour that tokens live. */
    static final Duration AGE_MAX = Duration.ofSeconds(60);

    static final Duration TIME_MAX = Duration.ofSeconds(30);

    private static final int BYTES_MAX = 64 * 1024;

    private final Side side;
    private final List<String> words;
    private final LongSupplier nanos;
    private @Nullable String last;
    private long lastAsked;

    /**
     * @param words the program and its arguments, at least one
     */
    PasswordCommand(Side side, List<String> words) {
        this(side, words, System::nanoTime);
    }

    /**
     * @param nanos the time, as {@link System#nanoTime}
     */
    PasswordCommand(Side side, List<String> words, LongSupplier nanos) {
        if (words.isEmpty()) {
            throw new IllegalArgumentException("a command has a first word");
        }
        this.side = side;
        this.words = List.copyOf(words);
        this.nanos = nanos;
    }

    @Override
    public synchronized String current() {
        String password = last;
        if (password == null || nanos.getAsLong() - lastAsked > AGE_MAX.toNanos()) {
            last = null;
            long asked = nanos.getAsLong();
            password = ask();
            last = password;
            lastAsked = asked;
        }
        return password;
    }

    @Override
    public synchronized boolean renew(long before) {
        if (last == null || lastAsked - before >= 0) {
            return false;
        }
        last = null;
        return true;
    }

    private String ask() {
        Process process = start();
        try {
            process.getOutputStream().close();
            String printed = printed(process);
            String password = PasswordText.withoutLineEnd(printed);
            if (password.isEmpty() || password.indexOf('\n') >= 0) {
                throw failed("did not print one line with a password");
            }
            return password;
        } catch (InterruptedException stopped) {
            Thread.currentThread().interrupt();
            throw new WarpException(ErrorCode.INTERRUPTED, "stopped while asking for a password");
        } catch (IOException | ExecutionException broken) {
            throw failed("could not be read");
        } finally {
            process.descendants().forEach(ProcessHandle::destroyForcibly);
            process.destroyForcibly();
        }
    }

    private Process start() {
        ProcessBuilder builder =
                new ProcessBuilder(words).redirectError(ProcessBuilder.Redirect.DISCARD);
        builder.environment().keySet().removeIf(name -> name.startsWith("WARP"));
        try {
            return builder.start();
        } catch (IOException absent) {
            // The reason would repeat all words.
            throw new WarpException(
                            ErrorCode.CONFIG,
                            "passwordCommand: " + words.getFirst() + " cannot be started")
                    .at(side)
                    .hint("give the program's whole path, and see that it may be executed");
        }
    }

    /** All that it prints, once it has ended well. */
    private String printed(Process process)
            throws InterruptedException, IOException, ExecutionException {
        CompletableFuture<byte[]> reading = new CompletableFuture<>();
        InputStream output = process.getInputStream();
        Thread.ofVirtual()
                .name("password command")
                .start(() -> {
                    try {
                        reading.complete(output.readNBytes(BYTES_MAX));
                    } catch (IOException broken) {
                        reading.completeExceptionally(broken);
                    }
                });
        long deadline = System.nanoTime() + TIME_MAX.toNanos();
        byte[] bytes;
        try {
            bytes = reading.get(TIME_MAX.toNanos(), TimeUnit.NANOSECONDS);
        } catch (TimeoutException late) {
            throw failed("did not end within " + TIME_MAX.toSeconds() + " s");
        }
        if (bytes.length == BYTES_MAX) {
            throw failed("prints too much for a password");
        }
        if (!process.waitFor(deadline - System.nanoTime(), TimeUnit.NANOSECONDS)) {
            throw failed("did not end within " + TIME_MAX.toSeconds() + " s");
        }
        if (process.exitValue() != 0) {
            throw failed("ended with code " + process.exitValue());
        }
        return new String(bytes, StandardCharsets.UTF_8);
    }

    /** As with a server that cannot be reached: later it may be otherwise. */
    private WarpException failed(String how) {
        return new WarpException(
                        ErrorCode.CONNECTION, "passwordCommand: " + words.getFirst() + " " + how)
                .at(side)
                .hint("run it by hand: what it prints and complains of is not shown here");
    }

    @Override
    public String toString() {
        return words.getFirst() + " …";
    }
}
