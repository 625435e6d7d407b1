package warp.cli;

import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.MethodHandle;
import java.util.List;
import java.util.Optional;
import warp.config.Environment;
import warp.error.ExitCode;

/**
 * Ends the process at once. At its own end the JVM waits 0.3 s for threads that are in native code;
 * the JDK's poller of sockets, which the first virtual thread that waits for one starts, never
 * leaves it. So the system is asked instead ({@code _exit(2)}). Shutdown hooks do not run, and Warp
 * has none: what it leaves behind it deletes before. Whose JVM has options of its own gets the
 * JVM's end.
 */
final class ProcessEnd {

    /** Where a person gives the JVM options: agents and recordings have hooks. */
    private static final List<String> OPTIONS =
            List.of("WARP_JAVA_OPTIONS", "JAVA_TOOL_OPTIONS", "JDK_JAVA_OPTIONS");

    private ProcessEnd() {}

    /** Whether nobody but Warp can have something to do at the end. */
    static boolean isPlain(Environment environment) {
        return OPTIONS.stream().allMatch(name -> environment.variable(name).orElse("").isEmpty());
    }

    /** Does not return where the system lets itself be asked; else does nothing. */
    static void now(ExitCode code) {
        Optional<MethodHandle> exit = exit();
        if (exit.isPresent()) {
            try {
                exit.get().invokeExact(code.number());
            } catch (Throwable impossible) {
                throw new IllegalStateException("_exit came back", impossible);
            }
        }
    }

    /** {@code void _exit(int)}; empty where there is none, or calling it would not be silent. */
    @SuppressWarnings("restricted") // the address and the types are those of the C library
    static Optional<MethodHandle> exit() {
        if (!ProcessEnd.class.getModule().isNativeAccessEnabled()) {
            return Optional.empty();
        }
        Linker linker = Linker.nativeLinker();
        return linker.defaultLookup()
                .find("_exit")
                .map(address ->
                        linker.downcallHandle(
                                address, FunctionDescriptor.ofVoid(ValueLayout.JAVA_INT)));
    }
}
